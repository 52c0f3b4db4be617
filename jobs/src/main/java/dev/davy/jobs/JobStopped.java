package dev.davy.jobs;

/// The work ended before its end, because it was told to.
public final class JobStopped extends Exception {
    private static final long serialVersionUID = 1;

    public JobStopped() {
        super("the job was told to stop", null, false, false);
    }
}
