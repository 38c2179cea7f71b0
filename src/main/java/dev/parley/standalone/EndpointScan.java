package dev.parley.standalone;

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

/**
 * Weld, which also shows what it passes over: classes that bear no annotation are no beans where only annotated ones are, and
 * a jar without a bean is nothing to it. By such classes endpoints may be programmed, or a team have forgotten a scope.
 */
final class EndpointScan extends Weld {
    private final Discovery discovery;

    EndpointScan(String id, Discovery discovery) {
        super(id);
        this.discovery = discovery;
    }

    @Override
    protected Deployment createDeployment(ResourceLoader loader, CDI11Bootstrap bootstrap) {
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

    private void look(ResourceLoader loader, String name) {
        try {
            discovery.sees(loader.classForName(name));
        } catch (ResourceLoadingException | LinkageError e) { // it is of something that is not here
            System.getLogger(EndpointScan.class.getName()).log(System.Logger.Level.DEBUG, "Passed over: {0}", name);
        }
    }
}
