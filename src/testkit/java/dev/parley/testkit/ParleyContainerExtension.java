package dev.parley.testkit;

import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.core.spi.LoadableExtension;

/** Offers Arquillian the {@link ParleyContainer}, unless another was asked for: Arquillian takes exactly one. */
public final class ParleyContainerExtension implements LoadableExtension {
    private static final String STANDALONE = "standalone";

    @Override
    public void register(ExtensionBuilder builder) {
        if (System.getProperty("arquillian.launch", STANDALONE).equals(STANDALONE)) {
            builder.service(DeployableContainer.class, ParleyContainer.class);
        }
    }
}
