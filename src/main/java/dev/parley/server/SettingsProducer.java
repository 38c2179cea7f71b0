package dev.parley.server;

import dev.parley.security.CredentialsReader;
import dev.parley.security.Guard;
import dev.parley.security.Limits;
import dev.parley.security.Operators;
import dev.parley.security.SharedBudget;
import dev.parley.servlet.BodyLimits;
import dev.parley.settings.Settings;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.ConfigProvider;

/**
 * Makes the settings, and what follows from them alone, beans: read by the server's own MicroProfile Config, or, as
 * standalone, where one process may hold several servers, handed in.
 */
@ApplicationScoped
public class SettingsProducer {

    @Produces
    @Singleton
    Settings settings(@Given Instance<Settings> given) {
        return given.isResolvable() ? given.get() : Settings.readOnServer(ConfigProvider.getConfig());
    }

    @Produces
    @Singleton
    Limits limits(Settings settings) {
        return settings.limits();
    }

    @Produces
    @Singleton
    BodyLimits bodies(Settings settings) {
        return new BodyLimits(settings.front().bodyTimeout());
    }

    @Produces
    @Singleton
    SharedBudget budget(Settings settings) {
        return new SharedBudget(settings.front().unfinishedSize());
    }

    @Produces
    @Singleton
    CredentialsReader credentials(Settings settings) {
        return settings.credentials();
    }

    @Produces
    @Singleton
    Operators operators(Settings settings) {
        return new Operators(settings.auth().operatorRole());
    }

    @Produces
    @Singleton
    Guard guard(Settings settings) {
        return settings.guard();
    }
}
