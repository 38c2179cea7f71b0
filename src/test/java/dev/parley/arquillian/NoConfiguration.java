package dev.parley.arquillian;

import org.jboss.arquillian.container.spi.client.container.ContainerConfiguration;

/** Arquillian wants a class. */
public class NoConfiguration implements ContainerConfiguration {
    @Override
    public void validate() {}
}
