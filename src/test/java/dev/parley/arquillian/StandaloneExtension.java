package dev.parley.arquillian;

import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.core.spi.LoadableExtension;

/** Offers the standalone server, unless another container was asked for: Arquillian takes exactly one. */
public class StandaloneExtension implements LoadableExtension {
    @Override
    public void register(ExtensionBuilder builder) {
        if (System.getProperty("arquillian.launch", "standalone").equals("standalone")) {
            builder.service(DeployableContainer.class, StandaloneContainer.class);
        }
    }
}
