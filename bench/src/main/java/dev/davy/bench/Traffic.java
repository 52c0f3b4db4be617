package dev.davy.bench;

/// A kind of traffic that [Serving] saturates a server with.
enum Traffic {
    MLP_JSON("MLP JSON c64", 64, 0.80),
    CNN_JSON("CNN JSON c32", 32, 0.80),
    CNN_BINARY("CNN binary c32", 32, 0.70),
    /// The same images with every one of them in the log, whatever the budget: reported, and no
    /// target.
    CNN_BINARY_ALL("CNN binary c32, all kept", 32, 0);

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
            case CNN_BINARY -> Requests.cnnBinary("cnn");
            case CNN_BINARY_ALL -> Requests.cnnBinary("cnn-all");
        };
    }

    int connections() {
        return connections;
    }

    /// Which traffic the bare server gets for comparison.
    Traffic onBare() {
        return this == CNN_BINARY_ALL ? CNN_BINARY : this;
    }

    /// What Davy must reach of the bare server's requests per second.
    double ratioMin() {
        return ratioMin;
    }
}
