package dev.parley.server;

import dev.parley.api.ChannelPolicy;
import dev.parley.api.Identities;
import dev.parley.api.PublishFilter;
import dev.parley.api.Transactions;
import dev.parley.channel.HubChannels;
import dev.parley.connection.Connections;
import dev.parley.security.Guard;
import dev.parley.security.HandshakeUsers;
import dev.parley.settings.SettingException;
import dev.parley.settings.Settings;
import dev.parley.websocket.TransportProvider;
import dev.parley.websocket.WebSocketSessions;
import jakarta.annotation.Priority;
import jakarta.enterprise.concurrent.ManagedThreadFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.context.BeforeDestroyed;
import jakarta.enterprise.context.Initialized;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.enterprise.inject.spi.BeanManager;
import jakarta.enterprise.inject.spi.DeploymentException;
import jakarta.inject.Singleton;
import jakarta.interceptor.Interceptor;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import javax.naming.InitialContext;
import javax.naming.NamingException;
import javax.sql.DataSource;

/**
 * Makes the node, and what applications inject of it, beans. A team replaces the policy, adds filters, or says
 * otherwise who callers are, by beans of its own.
 */
@ApplicationScoped
public class NodeProducer {
    private static final String DATA_SOURCE = "java:comp/DefaultDataSource";
    private static final String THREADS = "java:comp/DefaultManagedThreadFactory";

    /** The node starts with the application and not with its first client. */
    void start(@Observes @Initialized(ApplicationScoped.class) Object event, Node node) {
        System.getLogger(NodeProducer.class.getName())
                .log(System.Logger.Level.DEBUG, "Started, with {0}", node.shortcomings());
    }

    /**
     * The node ends while the application is still whole. Its bean is destroyed later: Payara has stopped the
     * application's class loader by then, so that nothing more can be loaded, and what was not loaded yet fails.
     */
    void end(@Observes @BeforeDestroyed(ApplicationScoped.class) Object event, Node node, WebSocketSessions sessions) {
        sessions.endEchoes();
        node.close();
    }

    @Produces
    @Singleton
    Node node(
            Settings settings,
            @Given Instance<DataSource> source,
            @Given Instance<NodeExecutors> threads,
            @Given Instance<InstantSource> time,
            Instance<Identities> identities,
            Instance<ChannelPolicy> policy,
            Instance<PublishFilter> filters,
            BeanManager beans) {
        NodeExecutors executors = threads.isResolvable() ? threads.get() : managedThreads(settings);
        Node node = new Node(
                settings,
                new Node.Parts(
                        source.isResolvable() ? source.get() : dataSource(settings),
                        source.isUnsatisfied() || !settings.database().isEmbedded(),
                        executors,
                        only(identities, Identities.class)
                                .orElseGet(() ->
                                        settings.identities(executors.waiting().keys())),
                        only(policy, ChannelPolicy.class).orElseGet(settings::policy),
                        inOrder(filters),
                        time.isResolvable() ? Optional.of(time.get()) : Optional.empty()));
        node.tell(BeanEvents.of(beans, executors.waiting().observers()));
        return node;
    }

    void stop(@Disposes Node node) {
        node.close();
    }

    @Produces
    @Singleton
    HubChannels channels(Node node) {
        return node.channels();
    }

    @Produces
    @Singleton
    Transactions transactions(Node node, Settings settings, @Given Instance<TeamConnections> given) {
        return node.transactions(
                given.isResolvable()
                        ? new LocalTransactions(given.get().source())
                        : new JtaTransactions(dataSource(settings)));
    }

    @Produces
    @Singleton
    Connections connections(Node node) {
        return node.connections();
    }

    @Produces
    @Singleton
    HandshakeUsers handshakeUsers(Node node, Settings settings) {
        return new HandshakeUsers(
                node.connections().identities(), settings.auth().guests());
    }

    @Produces
    @Singleton
    ChannelRevocations revocations(Node node) {
        return node.revocations();
    }

    @Produces
    @Singleton
    WebSocketSessions sessions(Node node, Guard guard, Instance<TransportProvider> provider, BeanManager beans) {
        return new WebSocketSessions(
                node.connections(),
                guard,
                provider.isResolvable() ? provider.get() : TransportProvider.USUAL,
                new InjectedCodecs(beans));
    }

    /** Of two that each decide alone neither may be left out in silence: what one forbids would be allowed. */
    private static <T> Optional<T> only(Instance<T> beans, Class<T> type) {
        if (beans.isAmbiguous()) {
            String classes = beans.handlesStream()
                    .map(handle -> handle.getBean().getBeanClass().getName())
                    .sorted()
                    .collect(Collectors.joining(", "));
            throw new DeploymentException("Several beans are a " + type.getSimpleName() + ", of which one decides: "
                    + classes + ". Leave one, or make one an @Alternative with a @Priority.");
        }
        return beans.isUnsatisfied() ? Optional.empty() : Optional.of(beans.get());
    }

    private static List<PublishFilter> inOrder(Instance<PublishFilter> filters) {
        return filters.handlesStream()
                .sorted(Comparator.comparingInt(
                        handle -> priority(handle.getBean().getBeanClass())))
                .<PublishFilter>map(Instance.Handle::get)
                .toList();
    }

    /** As Jakarta Interceptors has it: the lower goes first, and who says nothing is in the middle. */
    private static int priority(Class<?> filter) {
        Priority priority = filter.getAnnotation(Priority.class);
        return priority == null ? Interceptor.Priority.APPLICATION : priority.value();
    }

    private static DataSource dataSource(Settings settings) {
        String name = settings.database().dataSource().orElse(DATA_SOURCE);
        try {
            return lookUp(name, DataSource.class);
        } catch (SettingException e) {
            throw new SettingException(e.getMessage() + " parley.datasource names the data source.");
        }
    }

    private static NodeExecutors managedThreads(Settings settings) {
        return NodeExecutors.of(lookUp(THREADS, ManagedThreadFactory.class), settings.threads());
    }

    @SuppressWarnings("BanJNDI") // the names are the operator's, never a client's
    private static <T> T lookUp(String name, Class<T> type) {
        try {
            return type.cast(new InitialContext().lookup(name));
        } catch (NamingException e) {
            throw new SettingException("The server has nothing at the JNDI name " + name + ".");
        }
    }
}
