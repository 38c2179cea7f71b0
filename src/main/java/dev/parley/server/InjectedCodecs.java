package dev.parley.server;

import dev.parley.websocket.CodecInstances;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.Unmanaged;

/** Makes them by CDI, which need not know them as beans (CDI 4.0, section 2.9.5). */
final class InjectedCodecs implements CodecInstances {
    private final BeanManager beans;

    InjectedCodecs(BeanManager beans) {
        this.beans = beans;
    }

    @Override
    public <T> T create(Class<T> type) {
        return new Unmanaged<>(beans, type)
                .newInstance()
                .produce()
                .inject()
                .postConstruct()
                .get();
    }
}
