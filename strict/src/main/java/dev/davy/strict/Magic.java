package dev.davy.strict;

/// The first bytes by which kinds of files are known.
final class Magic {
    private Magic() {}

    static boolean at(byte[] file, int place, String ascii) {
        if (file.length < place + ascii.length()) return false;
        for (int i = 0; i < ascii.length(); i++)
            if (file[place + i] != ascii.charAt(i)) return false;
        return true;
    }

    static boolean at(byte[] file, int place, int... bytes) {
        if (file.length < place + bytes.length) return false;
        for (int i = 0; i < bytes.length; i++)
            if ((file[place + i] & 0xFF) != bytes[i]) return false;
        return true;
    }
}
