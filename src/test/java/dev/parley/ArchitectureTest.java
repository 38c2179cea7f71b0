package dev.parley;

import static com.tngtech.archunit.core.domain.JavaCall.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.name;
import static com.tngtech.archunit.core.domain.properties.HasOwner.Predicates.With.owner;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.Architectures.LayeredArchitecture;
import dev.parley.api.Channels;
import dev.parley.channel.HubChannels;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.ScheduledExecutorService;

/**
 * The arrows between the packages, and which of them may know which technology.
 *
 * <p>A package that is not there yet breaks no rule. One that is there and has no line here does: it is given its
 * place first.
 */
@AnalyzeClasses(packages = "dev.parley", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

    /** Each package, and the packages it may import; beside these the first, which each may. */
    private static final String ARROWS = """
            concurrent:
            protocol:
            wire:       protocol
            api:        protocol
            security:   protocol api
            log:        protocol
            jdbc:       protocol log
            channel:    protocol api security log
            connection: protocol wire api security log channel
            endpoint:   protocol api security
            websocket:  protocol wire api security log channel connection endpoint
            http:       protocol wire api security log channel connection
            servlet:    protocol api security log channel connection http
            gateway:    protocol api security
            bridge:     protocol api security log channel
            chat:       protocol api endpoint
            settings:   protocol api security log channel connection
            server:     protocol api security log jdbc channel connection endpoint websocket http servlet gateway bridge chat \
            settings
            frames:     protocol api security log channel connection endpoint websocket
            grizzly:    protocol api security log channel connection endpoint websocket http settings frames
            standalone: protocol wire api security log jdbc channel connection endpoint websocket http servlet gateway bridge \
            chat settings server frames grizzly client
            client:     protocol wire
            """;

    @ArchTest
    static final ArchRule importsGoDownOnly = arrows();

    @ArchTest
    static final ArchRule noCycleBetweenPackages =
            slices().matching("dev.parley.(**)").should().beFreeOfCycles().allowEmptyShould(true);

    @ArchTest
    static final ArchRule webSocketsStayInTheirPackages = only(
            List.of("endpoint", "websocket", "gateway", "chat", "client", "frames", "standalone"),
            "jakarta.websocket..");

    @ArchTest
    static final ArchRule restStaysInItsPackage = only(List.of("http"), "jakarta.ws.rs..");

    @ArchTest
    static final ArchRule servletStaysInItsPackage = only(List.of("servlet"), "jakarta.servlet..");

    @ArchTest
    static final ArchRule sqlStaysBelowTheLog = only(List.of("api", "jdbc", "server"), "java.sql..");

    @ArchTest
    static final ArchRule transactionsStayInTheServer = only(List.of("server"), "jakarta.transaction..");

    @ArchTest
    static final ArchRule messagingStaysInTheBridge = only(List.of("bridge"), "jakarta.jms..");

    @ArchTest
    static final ArchRule tyrusStaysBehindTheFrames = only(List.of("frames"), "org.glassfish.tyrus..");

    @ArchTest
    static final ArchRule grizzlyStaysAtThePort = only(List.of("grizzly"), "org.glassfish.grizzly..");

    @ArchTest
    static final ArchRule theOtherLibrariesOfTheServerStayStandalone =
            only(List.of("standalone"), "org.glassfish.jersey..", "org.jboss.weld..");

    /** In the WAR the application server collects what {@link System.Logger} is given, whatever it logs with. */
    @ArchTest
    static final ArchRule logsGoThroughSystemLogger = only(List.of("standalone"), "java.util.logging..");

    @ArchTest
    static final ArchRule theCoreIsPlainJava = noClasses()
            .that()
            .resideInAnyPackage(
                    packages(List.of("concurrent", "protocol", "wire", "api", "log", "channel", "connection")))
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("jakarta.inject..", "jakarta.enterprise..", "org.eclipse.microprofile..")
            .allowEmptyShould(true);

    @ArchTest
    static final ArchRule channelsKnowNoNetworkAndNoDatabase = noClasses()
            .that()
            .resideInAPackage("dev.parley.channel")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("java.net..", "java.nio.channels..", "java.sql..", "javax.sql..")
            .allowEmptyShould(true);

    /** What a client asks is carried out in one place, so that a limit holds whatever way the client came. */
    @ArchTest
    static final ArchRule transportsReachChannelsThroughTheInterpreter = noClasses()
            .that()
            .resideInAnyPackage(packages(List.of("http", "websocket", "chat")))
            .should()
            .dependOnClassesThat()
            .belongToAnyOf(Channels.class, HubChannels.class)
            .allowEmptyShould(true);

    /** A timer by itself drops what has thrown once, in silence; the client stands alone and has its own. */
    @ArchTest
    static final ArchRule whatIsTimedIsGuarded = noClasses()
            .that()
            .resideOutsideOfPackages(packages(List.of("concurrent", "client")))
            .should()
            .callMethodWhere(target(name("schedule"))
                    .or(target(name("scheduleAtFixedRate")))
                    .or(target(name("scheduleWithFixedDelay")))
                    .and(target(owner(assignableTo(ScheduledExecutorService.class)))))
            .because("GuardedTimer logs what a turn throws, and has the next");

    @ArchTest
    static final ArchRule aNameSaysWhatAClassIs = noClasses()
            .should()
            .haveNameMatching(".*[.$](\\w*(Impl|Manager|Utils?|Helpers?)|Abstract\\w*)")
            .because("an implementation is named by its technology, and a class by what it is");

    /**
     * A name that a client sends would be looked up by the system's resolver: for as long as that takes, and by whom it asks.
     * Who may do so has the name from a setting or from who gives a command; what clients send is read by {@code
     * security.IpAddress}.
     */
    @ArchTest
    static final ArchRule nothingThatAClientSendsIsLookedUp = noClasses()
            .that()
            .doNotHaveFullyQualifiedName("dev.parley.settings.Settings")
            .and()
            .doNotHaveFullyQualifiedName("dev.parley.grizzly.ListenAddress")
            .and()
            .doNotHaveFullyQualifiedName("dev.parley.standalone.ProxyOption")
            .should()
            .callMethod(InetAddress.class, "getByName", String.class)
            .orShould()
            .callMethod(InetAddress.class, "getAllByName", String.class)
            .orShould()
            .callMethod(InetAddress.class, "getHostName")
            .orShould()
            .callMethod(InetAddress.class, "getCanonicalHostName")
            .orShould()
            .callMethod(InetSocketAddress.class, "getHostName")
            .orShould()
            .callConstructor(InetSocketAddress.class, String.class, int.class)
            .orShould()
            .callConstructor(Socket.class, String.class, int.class);

    private static LayeredArchitecture arrows() {
        LayeredArchitecture house = layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage("dev.parley..")
                .withOptionalLayers(true)
                .ensureAllClassesAreContainedInArchitecture();
        for (String arrow : ARROWS.lines().toList()) {
            String name = arrow.substring(0, arrow.indexOf(':'));
            house = house.layer(name).definedBy("dev.parley." + name);
        }
        for (String arrow : ARROWS.lines().toList()) {
            String name = arrow.substring(0, arrow.indexOf(':'));
            String below = arrow.substring(name.length() + 1).strip();
            house = name.equals("concurrent")
                    ? house.whereLayer(name).mayNotAccessAnyLayer()
                    : house.whereLayer(name).mayOnlyAccessLayers(("concurrent " + below).split(" "));
        }
        return house;
    }

    private static ArchRule only(List<String> allowed, String... technology) {
        return noClasses()
                .that()
                .resideOutsideOfPackages(packages(allowed))
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(technology)
                .allowEmptyShould(true);
    }

    private static String[] packages(List<String> names) {
        return names.stream().map(name -> "dev.parley." + name).toArray(String[]::new);
    }
}
