package dev.davy.bench;

/// A kind of traffic that [Serving] saturates a server with.
enum Traffic {
    MLP_JSON("MLP JSON c64", 64, 0.80),
    CNN_JSON("CNN JSON c32", 32, 0.80),
    CNN_BINARY("CNN binary c32", 32, 0.70);

    private final String label;
    private final int connections;
    private final double ratioMin;

    Traffic(String label, int connections, double ratioMin) {
        this.label = label;
        this.connections = connections;
        this.ratioMin = ratioMin;
    }

    /// As the tables call it.
    String label() {
        return label;
    }

    byte[] request() {
        return switch (this) {
            case MLP_JSON -> Requests.mlpJson();
            case CNN_JSON -> Requests.cnnJson();
            case CNN_BINARY -> Requests.cnnBinary();
        };
    }

    int connections() {
        return connections;
    }

    /// What Davy must reach of the bare server's requests per second.
    double ratioMin() {
        return ratioMin;
    }
}
