package dev.parley.grizzly;

import java.net.Socket;
import java.security.Principal;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedKeyManager;
import org.jspecify.annotations.Nullable;

/**
 * Serves the keys of whichever key manager is the latest.
 *
 * <p>The hard case: a handshake asks first for an alias, then for the certificate, then for the key. When the keys are
 * replaced between these, it must not get the new certificate and the old key; so an alias says which key manager it is
 * from, and the one before the latest is kept.
 */
final class ReloadingKeys extends X509ExtendedKeyManager {
    private final Map<String, X509ExtendedKeyManager> generations = new ConcurrentHashMap<>();
    private volatile long latest;

    ReloadingKeys(X509ExtendedKeyManager first) {
        generations.put("0", first);
    }

    /** Called by one thread at a time. */
    void replace(X509ExtendedKeyManager next) {
        long generation = latest + 1;
        generations.put(Long.toString(generation), next);
        latest = generation;
        generations.remove(Long.toString(generation - 2));
    }

    @Override
    public @Nullable String chooseEngineServerAlias(
            String keyType, Principal @Nullable [] issuers, @Nullable SSLEngine engine) {
        String generation = Long.toString(latest);
        X509ExtendedKeyManager keys = generations.get(generation);
        String alias = keys == null ? null : keys.chooseEngineServerAlias(keyType, issuers, engine);
        return alias == null ? null : generation + ":" + alias;
    }

    @Override
    public X509Certificate @Nullable [] getCertificateChain(String alias) {
        X509ExtendedKeyManager keys = generations.get(generation(alias));
        return keys == null ? null : keys.getCertificateChain(rest(alias));
    }

    @Override
    public @Nullable PrivateKey getPrivateKey(String alias) {
        X509ExtendedKeyManager keys = generations.get(generation(alias));
        return keys == null ? null : keys.getPrivateKey(rest(alias));
    }

    @Override
    public String @Nullable [] getServerAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseServerAlias(String keyType, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    @Override
    public String @Nullable [] getClientAliases(String keyType, Principal @Nullable [] issuers) {
        return null;
    }

    @Override
    public @Nullable String chooseClientAlias(
            String[] keyTypes, Principal @Nullable [] issuers, @Nullable Socket socket) {
        return null;
    }

    private static String generation(String alias) {
        return alias.substring(0, alias.indexOf(':'));
    }

    private static String rest(String alias) {
        return alias.substring(alias.indexOf(':') + 1);
    }
}
