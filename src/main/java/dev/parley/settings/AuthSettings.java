package dev.parley.settings;

import dev.parley.channel.HubChannels;
import dev.parley.security.CredentialsReader;
import dev.parley.security.TokenSettings;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Who callers may be; {@code parley.auth.*}.
 *
 * @param tokens empty when neither {@code secret} nor {@code jwks} is set: then none are taken
 * @param guests {@code guests}: whether who shows nothing is let in; true
 * @param cookie {@code cookie}: the name of the HttpOnly cookie that may carry a token; {@code parley-token}
 * @param operatorRole {@code operator-role}: who has it may do what operators do; {@code operator}
 * @param containerRoles {@code container-roles}: asked of the container's login besides those of the rules
 */
public record AuthSettings(
        Optional<TokenSettings> tokens,
        boolean guests,
        String cookie,
        String operatorRole,
        Set<String> containerRoles) {
    private static final String PREFIX = "parley.auth.";
    private static final Duration CLOCK_SKEW = Duration.ofSeconds(60);
    private static final Duration INTERVAL = Duration.ofSeconds(10);
    private static final Duration LONGEST_SKEW = Duration.ofHours(1);

    /** Of a shared secret, with the bytes that it must have (RFC 7518 section 3.2). */
    private static final List<String> SHARED = List.of("HS256", "HS384", "HS512");

    /** Of public keys. */
    private static final List<String> PUBLIC =
            List.of("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512");

    private static final int BITS_OF_BYTE = 8;
    private static final int SHORTEST_SECRET = 32;

    public AuthSettings {
        containerRoles = Set.copyOf(containerRoles);
    }

    static AuthSettings read(SettingsReader reader) {
        return new AuthSettings(
                tokens(reader),
                reader.flag(PREFIX + "guests", true),
                reader.read(
                        PREFIX + "cookie",
                        "parley-token",
                        "a cookie's name of letters, digits, '.', '_' and '-'",
                        value -> Optional.of(value).filter(name -> name.matches("[A-Za-z0-9._-]{1,100}"))),
                reader.text(PREFIX + "operator-role").orElse("operator"),
                Set.copyOf(reader.list(PREFIX + "container-roles")));
    }

    /**
     * The same, when what is revoked is remembered for as long as tokens live that do not say when they were made.
     *
     * @param kept how long it is remembered
     */
    AuthSettings within(Duration kept) {
        tokens.map(TokenSettings::lifetime)
                .filter(lifetime -> lifetime.isZero() || lifetime.compareTo(kept) > 0)
                .ifPresent(lifetime -> {
                    throw new SettingException(
                            PREFIX + "token-lifetime",
                            lifetime.toString(),
                            "more than none, and no more than " + kept + ", for which what is revoked is remembered"
                                    + " (parley.channels." + HubChannels.OWN_NAMESPACE + ".history-age),");
                });
        return this;
    }

    /** @param roles that rules name */
    CredentialsReader credentials(Set<String> roles) {
        Set<String> all = new HashSet<>(roles);
        all.add(operatorRole);
        all.addAll(containerRoles);
        return new CredentialsReader(cookie, all);
    }

    private static Optional<TokenSettings> tokens(SettingsReader reader) {
        Optional<TokenSettings.Keys> keys = keys(reader);
        Optional<String> issuer = reader.text(PREFIX + "issuer");
        Optional<String> audience = reader.text(PREFIX + "audience");
        List<String> algorithms = reader.list(PREFIX + "algorithms");
        Duration clockSkew = reader.duration(PREFIX + "clock-skew", CLOCK_SKEW);
        Duration lifetime = reader.duration(PREFIX + "token-lifetime", TokenSettings.LIFETIME);
        if (keys.isEmpty()) {
            checkUnused(issuer, audience, algorithms);
            return Optional.empty();
        }
        if (clockSkew.compareTo(LONGEST_SKEW) > 0) {
            throw new SettingException(PREFIX + "clock-skew", clockSkew.toString(), "no more than " + LONGEST_SKEW);
        }
        Set<String> allowed = algorithms(keys.get(), algorithms);
        checkLength(keys.get(), allowed);
        return Optional.of(new TokenSettings(keys.get(), issuer, audience, allowed, clockSkew, lifetime));
    }

    private static Optional<TokenSettings.Keys> keys(SettingsReader reader) {
        Optional<String> secret = reader.text(PREFIX + "secret");
        Optional<String> jwks = reader.text(PREFIX + "jwks");
        Duration interval = reader.duration(PREFIX + "jwks-interval", INTERVAL);
        if (secret.isPresent() && jwks.isPresent()) {
            throw new SettingException(
                    "Both " + PREFIX + "secret and " + PREFIX + "jwks are set, but only one of them may be.");
        }
        return secret.<TokenSettings.Keys>map(TokenSettings.Secret::new)
                .or(() -> jwks.map(place -> new TokenSettings.Jwks(checkedPlace(place), interval)));
    }

    /** Whoever sets these believes that tokens are checked. */
    private static void checkUnused(Optional<String> issuer, Optional<String> audience, List<String> algorithms) {
        if (issuer.isPresent() || audience.isPresent() || !algorithms.isEmpty()) {
            throw new SettingException(PREFIX + "issuer, .audience and .algorithms say which tokens are taken, but none"
                    + " are without " + PREFIX + "secret or " + PREFIX + "jwks.");
        }
    }

    private static String checkedPlace(String place) {
        boolean good;
        try {
            good = place.matches("https?:.*") ? URI.create(place).getHost() != null : Files.isReadable(Path.of(place));
        } catch (InvalidPathException e) {
            good = false;
        } catch (IllegalArgumentException e) { // no URI
            good = false;
        }
        if (!good) {
            throw new SettingException(PREFIX + "jwks", place, "a file that can be read, or an http(s) address,");
        }
        return place;
    }

    private static Set<String> algorithms(TokenSettings.Keys keys, List<String> wanted) {
        boolean shared = keys instanceof TokenSettings.Secret;
        List<String> possible = shared ? SHARED : PUBLIC;
        wanted.stream().filter(name -> !possible.contains(name)).findFirst().ifPresent(name -> {
            throw new SettingException(
                    PREFIX + "algorithms",
                    String.join(",", wanted),
                    "of " + String.join(", ", possible) + ", which " + PREFIX + (shared ? "secret" : "jwks")
                            + " is for, one or more");
        });
        Set<String> defaults = shared ? Set.of("HS256") : Set.of("RS256", "ES256");
        return wanted.isEmpty() ? defaults : Set.copyOf(wanted);
    }

    /** A secret has as many bits as the hash it is used with (RFC 7518 section 3.2). */
    private static void checkLength(TokenSettings.Keys keys, Set<String> algorithms) {
        if (keys instanceof TokenSettings.Secret secret) {
            int bytes = secret.text().getBytes(StandardCharsets.UTF_8).length;
            int least = Stream.concat(
                            Stream.of(SHORTEST_SECRET), algorithms.stream().map(AuthSettings::bytes))
                    .max(Integer::compare)
                    .orElse(SHORTEST_SECRET);
            if (bytes < least) {
                throw new SettingException(PREFIX + "secret has " + bytes + " bytes, but " + least + " or more are"
                        + " needed with " + String.join(", ", algorithms) + ".");
            }
        }
    }

    private static int bytes(String algorithm) {
        return Integer.parseInt(algorithm.substring(2)) / BITS_OF_BYTE;
    }
}
