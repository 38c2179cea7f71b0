package dev.parley.arquillian;

import dev.parley.testkit.ParleyContainer;
import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.core.spi.LoadableExtension;

/** Offers the container that was asked for, the standalone server when none was: Arquillian takes exactly one. */
public class ContainerExtension implements LoadableExtension {
    @Override
    public void register(ExtensionBuilder builder) {
        builder.service(DeployableContainer.class, container(AppServer.name()));
    }

    private static Class<? extends DeployableContainer<?>> container(String name) {
        return switch (name) {
            case "standalone" -> ParleyContainer.class;
            case "wildfly" -> WildFlyContainer.class;
            case "payara-micro" -> PayaraMicroContainer.class;
            case "payara" -> PayaraContainer.class;
            default -> throw new IllegalArgumentException("No container is called " + name);
        };
    }
}
