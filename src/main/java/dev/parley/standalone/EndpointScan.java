package dev.parley.standalone;

import dev.parley.server.Node;
import java.util.List;
import java.util.Objects;
import org.jboss.weld.bootstrap.api.CDI11Bootstrap;
import org.jboss.weld.bootstrap.spi.BeanDiscoveryMode;
import org.jboss.weld.bootstrap.spi.Deployment;
import org.jboss.weld.environment.deployment.discovery.BeanArchiveBuilder;
import org.jboss.weld.environment.deployment.discovery.BeanArchiveScanner;
import org.jboss.weld.environment.deployment.discovery.DefaultBeanArchiveScanner;
import org.jboss.weld.environment.deployment.discovery.FileSystemBeanArchiveHandler;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.resources.spi.ResourceLoader;
import org.jboss.weld.resources.spi.ResourceLoadingException;
import org.jspecify.annotations.Nullable;

/**
 * Weld, which also shows what it passes over: classes that bear no annotation are no beans where only annotated ones are, and
 * a jar without a bean is nothing to it. By such classes endpoints may be programmed, or a team have forgotten a scope.
 */
final class EndpointScan extends Weld {
    private final Discovery discovery;
    private @Nullable CDI11Bootstrap bootstrap;

    EndpointScan(String id, Discovery discovery) {
        super(id);
        this.discovery = discovery;
    }

    @Override
    protected Deployment createDeployment(ResourceLoader loader, CDI11Bootstrap bootstrap) {
        this.bootstrap = bootstrap;
        FileSystemBeanArchiveHandler files = new FileSystemBeanArchiveHandler();
        List<BeanArchiveScanner.ScanResult> archives =
                new DefaultBeanArchiveScanner(loader, bootstrap, BeanDiscoveryMode.ANNOTATED).scan();
        archives.stream()
                .filter(archive -> archive.getBeansXml().getBeanDiscoveryMode() != BeanDiscoveryMode.NONE)
                .map(archive -> files.handle(archive.getBeanArchiveRef()))
                .filter(Objects::nonNull)
                .map(BeanArchiveBuilder::getClasses)
                .flatMap(classes -> classes.stream())
                .distinct()
                .forEach(name -> look(loader, name));
        return super.createDeployment(loader, bootstrap);
    }

    /**
     * Ends what a start has begun that failed. Weld forgets it: where a team's observer of the start throws, the node has
     * started before, and would run on. Without a node there is nothing to end, and to end it would be to begin it.
     */
    void abandon(Throwable failure) {
        CDI11Bootstrap begun = bootstrap;
        try {
            if (begun != null && discovery.hasMade(Node.class)) {
                begun.shutdown();
            }
        } catch (RuntimeException | LinkageError e) {
            failure.addSuppressed(e);
        }
    }

    private void look(ResourceLoader loader, String name) {
        try {
            discovery.sees(loader.classForName(name));
        } catch (ResourceLoadingException | LinkageError e) { // it is of something that is not here
            System.getLogger(EndpointScan.class.getName()).log(System.Logger.Level.DEBUG, "Passed over: {0}", name);
        }
    }
}
