package dev.parley.standalone;

import jakarta.websocket.Endpoint;
import jakarta.websocket.server.ServerApplicationConfig;
import java.lang.reflect.Modifier;
import org.jboss.weld.bootstrap.api.CDI11Bootstrap;
import org.jboss.weld.bootstrap.spi.Deployment;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.resources.spi.ResourceLoader;
import org.jboss.weld.resources.spi.ResourceLoadingException;

/**
 * Weld, which also notes the classes by which endpoints are programmed: a {@code ServerApplicationConfig}, and each {@code
 * Endpoint}. They bear no annotation, so CDI tells nobody of them where only annotated classes are beans.
 */
final class EndpointScan extends Weld {
    private final Discovery discovery;

    EndpointScan(String id, Discovery discovery) {
        super(id);
        this.discovery = discovery;
    }

    @Override
    protected Deployment createDeployment(ResourceLoader loader, CDI11Bootstrap bootstrap) {
        Deployment deployment = super.createDeployment(loader, bootstrap);
        deployment.getBeanDeploymentArchives().stream()
                .flatMap(archive -> archive.getKnownClasses().stream())
                .distinct()
                .forEach(name -> look(loader, name));
        return deployment;
    }

    private void look(ResourceLoader loader, String name) {
        try {
            Class<?> type = loader.classForName(name);
            boolean programs =
                    ServerApplicationConfig.class.isAssignableFrom(type) || Endpoint.class.isAssignableFrom(type);
            if (programs && !Modifier.isAbstract(type.getModifiers())) {
                discovery.programs(type);
            }
        } catch (ResourceLoadingException | LinkageError e) { // it is of something that is not here
            System.getLogger(EndpointScan.class.getName()).log(System.Logger.Level.DEBUG, "Passed over: {0}", name);
        }
    }
}
