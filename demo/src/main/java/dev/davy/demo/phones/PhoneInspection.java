package dev.davy.demo.phones;

import dev.davy.demo.Door;
import dev.davy.demo.Source;
import dev.davy.strict.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.List;
import java.util.function.Supplier;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// The example `phone-inspection` as something to ask about: each phone's photo, its line and its
/// serial number.
public final class PhoneInspection implements Source {
    public static final String ENDPOINT = "phone-inspection";
    static final String MODEL = "scratch";
    static final String OUTPUT = "label";

    // A zip holds no earlier time; with this one the same files are the same bytes.
    private static final LocalDateTime ALWAYS = LocalDateTime.of(1980, 1, 1, 0, 0);

    private static final String WHY = "?why=" + Door.encoded("the phone factory of davy demo");

    /// What has been made of the model so far.
    public enum Version {
        /// Learnt from few photos, and misses two scratches of three.
        EARLY("early", "early"),
        /// Learnt from many.
        BETTER("scratch", "scratch"),
        /// The same network as the better one, fed wrongly.
        CARELESS("careless", "scratch");

        private final String descriptor;
        private final String network;

        Version(String descriptor, String network) {
            this.descriptor = "models/" + descriptor + "/model.yaml";
            this.network = "models/" + network + "/";
        }
    }

    private final Factory factory;
    private final Supplier<Conditions> conditions;

    /// @param conditions asked anew for each phone: whoever supplies them turns the knobs
    public PhoneInspection(Factory factory, Supplier<Conditions> conditions) {
        this.factory = factory;
        this.conditions = conditions;
    }

    /// Pushes the models with their references, and creates the endpoint; what is there already
    /// stays.
    ///
    /// @param versions of the model, the first of them is live
    /// @return where they are, `scratch/1`; in another order where a folder is used again
    public static List<String> prepare(Door door, List<Version> versions) {
        var addresses = versions.stream().map(version -> push(door, version)).toList();
        door.send("POST", "/api/v1/apply" + WHY, "application/yaml", file("endpoint.yaml"));
        return addresses;
    }

    private static String push(Door door, Version version) {
        var versions = "/api/v1/models/" + MODEL + "/versions";
        int kept =
                door.send("POST", versions + WHY, "application/zip", bundle(version))
                        .path("version")
                        .asInt(1);
        door.send(
                "PUT",
                versions + "/" + kept + "/reference",
                "text/csv",
                file(version.network + "reference.csv"));
        return MODEL + "/" + kept;
    }

    private static byte[] bundle(Version version) {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            write(zip, "model.yaml", version.descriptor);
            write(zip, "model.onnx", version.network + "model.onnx");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    private static void write(ZipOutputStream zip, String name, String from) throws IOException {
        var entry = new ZipEntry(name);
        entry.setTimeLocal(ALWAYS);
        zip.putNextEntry(entry);
        zip.write(file(from));
        zip.closeEntry();
    }

    /// A file of `examples/phone-inspection`, which the build puts beside this class.
    static byte[] file(String name) {
        try (var in = PhoneInspection.class.getResourceAsStream(name)) {
            if (in == null) throw new IllegalStateException(name + " is not in the jar");
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String endpoint() {
        return ENDPOINT;
    }

    @Override
    public Case at(long number, Instant at) {
        var today = conditions.get();
        var phone = factory.phone(number, today);
        var png = Base64.getEncoder().encodeToString(Camera.photo(phone, today).png());
        var row =
                Json.object()
                        .put("image", png)
                        .put("line", phone.line())
                        .put("serial", phone.serial());
        return new Case(row, prediction -> Inspectors.of(phone, prediction, at));
    }
}
