package dev.parley.arquillian;

import org.jboss.arquillian.container.spi.client.container.DeployableContainer;
import org.jboss.arquillian.container.spi.client.protocol.ProtocolDescription;

/** A container without settings, whose tests run as its clients: none of them is deployed. */
interface LocalContainer extends DeployableContainer<NoConfiguration> {
    @Override
    default Class<NoConfiguration> getConfigurationClass() {
        return NoConfiguration.class;
    }

    @Override
    default ProtocolDescription getDefaultProtocol() {
        return new ProtocolDescription("Local");
    }
}
