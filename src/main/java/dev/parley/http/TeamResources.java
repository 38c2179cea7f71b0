package dev.parley.http;

import jakarta.ws.rs.core.Configuration;
import jakarta.ws.rs.core.Feature;
import jakarta.ws.rs.core.FeatureContext;
import java.util.Map;

/**
 * What a team's own resources are given, in whichever application they are: who the caller is, and problem details for what
 * they refuse. Found by {@link java.util.ServiceLoader} (Jakarta REST 3.1, section 4.1.2), standalone as in the WAR, also by
 * an application that lists its classes.
 */
public final class TeamResources implements Feature {
    /** Of applications that are ours. */
    static final Map<String, Object> OURS = Map.of("dev.parley.ours", true);

    private static final String PACKAGE = TeamResources.class.getPackageName();

    @Override
    public boolean configure(FeatureContext context) {
        Configuration configuration = context.getConfiguration();
        if (OURS.keySet().stream().anyMatch(key -> configuration.getProperty(key) != null)) {
            return false;
        }
        register(context, CallerFilter.class);
        register(context, RefusalMapper.class);
        return true;
    }

    /** An application that lists nothing has found them already. */
    private static void register(FeatureContext context, Class<?> provider) {
        if (!context.getConfiguration().isRegistered(provider)) {
            context.register(provider);
        }
    }

    static boolean areOurs(Class<?> type) {
        return type.getPackageName().equals(PACKAGE);
    }
}
