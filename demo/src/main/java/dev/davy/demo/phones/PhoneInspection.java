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

    private final Factory factory;
    private final Supplier<Conditions> conditions;

    /// @param conditions asked anew for each phone: whoever supplies them turns the knobs
    public PhoneInspection(Factory factory, Supplier<Conditions> conditions) {
        this.factory = factory;
        this.conditions = conditions;
    }

    /// Pushes the model with its reference, and creates the endpoint; what is there already stays.
    public static void prepare(Door door) {
        var versions = "/api/v1/models/" + MODEL + "/versions";
        var why = "?why=" + Door.encoded("the phone factory of davy demo");
        var kept = door.send("POST", versions + why, "application/zip", bundle());
        door.send(
                "PUT",
                versions + "/" + kept.path("version").asInt(1) + "/reference",
                "text/csv",
                file("models/scratch/reference.csv"));
        door.send("POST", "/api/v1/apply" + why, "application/yaml", file("endpoint.yaml"));
    }

    private static byte[] bundle() {
        var bytes = new ByteArrayOutputStream();
        try (var zip = new ZipOutputStream(bytes)) {
            for (var name : List.of("model.yaml", "model.onnx")) {
                var entry = new ZipEntry(name);
                entry.setTimeLocal(ALWAYS);
                zip.putNextEntry(entry);
                zip.write(file("models/scratch/" + name));
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
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
