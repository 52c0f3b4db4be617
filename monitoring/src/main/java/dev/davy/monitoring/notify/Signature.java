package dev.davy.monitoring.notify;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// The signature of a webhook (Standard Webhooks 1.0.0): whoever knows the secret can see who sent
/// it, that nothing was changed, and when.
final class Signature {
    private static final String PREFIX = "whsec_";

    private Signature() {}

    /// What stands in the header `webhook-signature`.
    ///
    /// @param secret `whsec_` and Base64 of the key, or any text, which is the key itself
    static String of(String secret, String id, long seconds, byte[] body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key(secret), "HmacSHA256"));
            mac.update((id + "." + seconds + ".").getBytes(StandardCharsets.UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(mac.doFinal(body));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] key(String secret) {
        if (secret.startsWith(PREFIX))
            try {
                return Base64.getDecoder().decode(secret.substring(PREFIX.length()));
            } catch (IllegalArgumentException notBase64) {
                // Then it is a text that happens to begin so.
            }
        return secret.getBytes(StandardCharsets.UTF_8);
    }
}
