/**
 * Where each behaviour is tested: one obvious place a level. {@code TestIndexTest} holds that every test class stands here, and
 * that what stands here is there.
 *
 * <ul>
 * <li>A package of the product ({@code dev.parley.channel} and so on) has the tests of its classes: no network but in
 *     {@code http}, {@code websocket} and {@code standalone}, whose tests start a server in their own process.
 * <li>{@code dev.parley.e2e}: the standalone server, in its own process or the test's, and clients over the network.
 * <li>{@code dev.parley.containers}: what the WAR does on every container; {@code dev.parley.arquillian} brings those, and
 *     {@code dev.parley.signatures} a team's endpoints of every kind.
 * <li>{@code dev.parley.browser}: the page and the browser client in a browser or Node (profile {@code browser}); the modules'
 *     own tests are in {@code src/test/npm/client}.
 * <li>{@code dev.parley.clients}: WebSocket clients of others, and what each must be able to do.
 * <li>{@code dev.parley.testing}: fakes, bad networks, tokens, and JUnit extensions for all of these.
 * </ul>
 *
 * <table>
 * <caption>Behaviour, and its tests</caption>
 * <tr><th colspan="2">What Parley promises
 * <tr><td>all five promises, on a whole node without a network<td>dev.parley.server.PromisesTest
 * <tr><td>1: what is acknowledged survives kill -9, a stop, an outage of the database<td>dev.parley.e2e.CrashIT, dev.parley.e2e.StopIT,
 *     dev.parley.e2e.OutageIT, dev.parley.e2e.ClockJumpIT
 * <tr><td>1: group commit, doubts, splitting of batches; a log refuses to be less durable<td>dev.parley.log.LogWriterTest,
 *     dev.parley.jdbc.DurabilityTest
 * <tr><td>1: a PostgreSQL that is away, can only be read, has no standby, or stands behind a pooler; what a write would find
 *     <td>dev.parley.jdbc.PostgresTroubleTest, dev.parley.e2e.DatabaseTroubleIT, dev.parley.server.LogHealthTest,
 *     dev.parley.jdbc.PgbouncerTest, dev.parley.jdbc.SynchronousStandbyTest
 * <tr><td>5: a node that freezes in an append, and channels that somebody holds<td>dev.parley.e2e.FrozenNodeIT,
 *     dev.parley.jdbc.HeldChannelsTest, dev.parley.log.HeldPublicationsTest
 * <tr><td>1: a database that closes under its connections<td>dev.parley.jdbc.H2HealingTest, dev.parley.jdbc.PostgresHealingTest
 * <tr><td>2: the same order over every transport, on every node<td>dev.parley.e2e.TransportsIT, dev.parley.e2e.TwoNodesIT,
 *     dev.parley.channel.HeadPollerTest
 * <tr><td>2: nothing lost, doubled or out of order on a bad network<td>dev.parley.e2e.ClientChaosIT, dev.parley.browser.ChaosIT,
 *     dev.parley.server.ResumingStressTest
 * <tr><td>3: who comes back gets what it missed, or is told what is gone<td>dev.parley.e2e.ResumeIT, dev.parley.channel.StartingTest,
 *     dev.parley.channel.LogTroubleTest
 * <tr><td>3: a database that fails over or is restored<td>dev.parley.channel.BranchTest, dev.parley.channel.BranchModelTest,
 *     dev.parley.http.BranchReadingTest
 * <tr><td>3: also when PostgreSQL fails over, or is restored<td>dev.parley.e2e.FailoverIT
 * <tr><td>4: one key, one message<td>dev.parley.e2e.KeysIT, dev.parley.jdbc.KeysContract
 * <tr><td>5: slow clients<td>dev.parley.e2e.SlowReadersIT, dev.parley.containers.ContainerSlowReadersIT, dev.parley.standalone.DeafClientsTest
 * <tr><td>5: silent clients<td>dev.parley.e2e.SilentClientsIT, dev.parley.connection.LastPingTest,
 *     dev.parley.containers.ContainerSilentClientsIT, dev.parley.e2e.IdleConnectionsIT
 * <tr><td>5: a team's slow Encoder; sessions that hang<td>dev.parley.channel.ForeignEncodingTest, dev.parley.websocket.HangingSessionsTest
 * <tr><td>5: hostile clients<td>dev.parley.e2e.HostileIT, dev.parley.e2e.AttackIT, dev.parley.e2e.HoardersIT,
 *     dev.parley.connection.HostileClientTest
 * <tr><td>5: a body is never read as a request<td>dev.parley.e2e.SmugglingIT
 * <tr><td>5: what one client holds, and the share of the others<td>dev.parley.e2e.SharesIT,
 *     dev.parley.security.SharedBudgetTest, dev.parley.connection.LeasesTest
 * <tr><th colspan="2">The wire
 * <tr><td>commands, from text and from bytes<td>dev.parley.wire.CommandReaderTest, dev.parley.wire.BinaryCommandTest,
 *     dev.parley.wire.HistoryCommandTest
 * <tr><td>replies and pushes, and clients of another version<td>dev.parley.wire.WireWriterTest, dev.parley.wire.ServerReaderTest
 * <tr><td>what a command may cost before it is refused<td>dev.parley.wire.CommandLimitsTest
 * <tr><td>JSON at its bounds, by every door and to both clients; the id of an error<td>dev.parley.wire.OddJsonTest,
 *     dev.parley.e2e.OddJsonIT
 * <tr><td>JSON, names, codes<td>dev.parley.protocol.JsonTextTest, dev.parley.protocol.NamesTest, dev.parley.protocol.DisplayNameTest,
 *     dev.parley.protocol.CodesTest
 * <tr><th colspan="2">Log and channels
 * <tr><td>reading, looking back, trimming by count, age and bytes, the outbox, and a log that is full, on each database
 *     <td>dev.parley.jdbc.H2LogTest, dev.parley.jdbc.PostgresLogTest
 * <tr><td>3: by what another life of a database is known; holes in a log; the operator's part
 *     <td>dev.parley.jdbc.LineageContract, dev.parley.jdbc.HolesContract, dev.parley.jdbc.LifeTest,
 *     dev.parley.jdbc.PostgresLifeTest, dev.parley.standalone.NewLifeCommandTest
 * <tr><td>the schema; when history is trimmed<td>dev.parley.jdbc.JdbcSchemaTest, dev.parley.log.LogTrimmerTest
 * <tr><td>whose clock says what is too old, and one that is wrong<td>dev.parley.jdbc.JdbcClockTest, dev.parley.e2e.ClockJumpIT
 * <tr><td>publishing: what is asked before a message is queued; transient channels<td>dev.parley.channel.PublishingTest,
 *     dev.parley.channel.TransientChannelTest
 * <tr><td>what a subscription is given, and what a node keeps in memory<td>dev.parley.channel.DeliveryTest, dev.parley.channel.MemoryTest,
 *     dev.parley.channel.SubscriptionSetTest, dev.parley.channel.HeadReadsTest
 * <tr><td>5: what a node keeps in memory is bounded, by bytes and by channels<td>dev.parley.channel.MemoryBoundTest,
 *     dev.parley.channel.ChannelsInMemoryTest, dev.parley.e2e.MemoryBudgetIT
 * <tr><td>an application's own cursor<td>dev.parley.channel.FollowingTest
 * <tr><td>presence<td>dev.parley.channel.PresenceTest, dev.parley.e2e.HttpPresenceIT
 * <tr><th colspan="2">Connections
 * <tr><td>what a client says and is answered<td>dev.parley.connection.CommandPipelineTest, dev.parley.connection.HistoryCommandTest
 * <tr><td>the one writer of a connection<td>dev.parley.connection.ConnectionWriterTest, dev.parley.connection.ConnectionWriterRaceTest
 * <tr><td>revocations by operators<td>dev.parley.server.RevocationsTest, dev.parley.e2e.RevocationIT
 * <tr><td>batches on a WebSocket session; a team's Encoders and Decoders<td>dev.parley.websocket.WebSocketTransportTest,
 *     dev.parley.websocket.EncoderRepresentationTest,
 *     dev.parley.websocket.EndpointCodecsTest
 * <tr><td>the echo<td>dev.parley.standalone.EchoTest, dev.parley.containers.EchoIT, dev.parley.websocket.EchoSessionTest
 * <tr><td>the chat room<td>dev.parley.chat.ChatMessageTest, dev.parley.chat.ChatRulesTest
 * <tr><td>channels and chat on every container<td>dev.parley.containers.ChannelsIT
 * <tr><th colspan="2">HTTP
 * <tr><td>publishing and reading<td>dev.parley.e2e.HttpIT, dev.parley.containers.HttpReadsIT, dev.parley.http.QueryParametersTest,
 *     dev.parley.http.ReadQueryTest
 * <tr><td>reads that wait, and thousands of them<td>dev.parley.e2e.WaitingReadsIT, dev.parley.e2e.HttpLoadIT, dev.parley.http.SharingTest
 * <tr><td>who asks, and by which connection<td>dev.parley.e2e.HttpCallersIT, dev.parley.servlet.GuardFilterTest,
 *     dev.parley.http.ConnectionNameTest, dev.parley.security.GivenSecretsTest
 * <tr><td>what stands in headers, and is no error of the server's<td>dev.parley.e2e.NastyHeadersIT
 * <tr><td>the bytes of binary messages<td>dev.parley.http.ContentRequestsTest
 * <tr><td>the descriptions: OpenAPI, AsyncAPI<td>dev.parley.e2e.DescriptionsIT
 * <tr><th colspan="2">Who, and what they may do
 * <tr><td>tokens, keys, credentials, identities<td>dev.parley.security.TokensTest, dev.parley.security.PublishedKeysTest,
 *     dev.parley.security.CredentialsReaderTest, dev.parley.security.TokenIdentitiesTest
 * <tr><td>the guard; proxies; rules and patterns<td>dev.parley.security.GuardTest, dev.parley.security.ProxiesTest, dev.parley.security.PolicyTest,
 *     dev.parley.api.ChannelPatternTest
 * <tr><td>addresses and paths as they are written; regular expressions<td>dev.parley.security.IpAddressTest,
 *     dev.parley.http.RequestTargetTest, dev.parley.RegularExpressionsTest
 * <tr><td>roles, whichever way it is asked; handshakes; tokens that expire<td>dev.parley.e2e.RolesIT, dev.parley.e2e.HandshakesIT,
 *     dev.parley.e2e.ExpiryIT
 * <tr><td>the same on containers, with their own login<td>dev.parley.containers.AuthenticationIT, dev.parley.containers.LoginIT
 * <tr><th colspan="2">The server
 * <tr><td>settings<td>dev.parley.settings.SettingsTest, dev.parley.settings.AuthSettingsTest, dev.parley.e2e.SettingsFileIT, dev.parley.ServerConfigTest,
 *     dev.parley.browser.ServerConfigIT
 * <tr><td>behind nginx and haproxy with the files of {@code server-config}: who a client is, what is shut, what takes no node out,
 *     pages, bodies that look like requests<td>dev.parley.browser.ProxyHeadersIT, dev.parley.browser.ShutDoorsIT,
 *     dev.parley.browser.ProvokedFailuresIT, dev.parley.browser.PagesThroughProxiesIT, dev.parley.browser.SmuggledRequestsIT
 * <tr><td>draining<td>dev.parley.e2e.DrainIT, dev.parley.containers.ContainerDrainIT
 * <tr><td>publishing within a team's transaction<td>dev.parley.server.DatabaseTransactionsTest, dev.parley.standalone.TransactionsTest
 * <tr><td>a team's beans: observers, filters, a project of its own<td>dev.parley.e2e.EventsIT, dev.parley.e2e.FiltersIT,
 *     dev.parley.containers.OrderBoardIT
 * <tr><td>data sources and redeployment of containers<td>dev.parley.containers.DataSourceIT, dev.parley.containers.RedeployIT
 * <tr><th colspan="2">Standalone
 * <tr><td>starting, stopping, logging, files<td>dev.parley.standalone.StandaloneServerTest, dev.parley.standalone.FullServerTest,
 *     dev.parley.standalone.ForeignPagesTest, dev.parley.standalone.LoggingTest,
 *     dev.parley.grizzly.WebFilesTest
 * <tr><td>requests as they come over the wire, TLS<td>dev.parley.standalone.FrontTest, dev.parley.standalone.TlsTest,
 *     dev.parley.standalone.UpgradeRequestsTest
 * <tr><td>bodies, and connections that end while one is sent<td>dev.parley.standalone.BodyTest, dev.parley.standalone.LingeringCloseTest
 * <tr><td>frames: the rules, pieces, compression<td>dev.parley.standalone.Rfc6455Test, dev.parley.frames.FrameReaderTest,
 *     dev.parley.frames.CompressionTest, dev.parley.frames.UnfinishedMessagesTest
 * <tr><td>opening handshakes, offers of extensions<td>dev.parley.frames.HandshakeTest, dev.parley.frames.ExtensionOfferTest,
 *     dev.parley.standalone.ExtensionsTest
 * <tr><td>a team's endpoint: every signature, on every container; what it is told of its client; what is refused at deployment
 *     <td>dev.parley.containers.SignaturesIT, dev.parley.containers.GuestsIT, dev.parley.standalone.EndpointContractTest,
 *     dev.parley.frames.EndpointRulesTest, dev.parley.websocket.GuestPathsTest
 * <tr><td>a team's endpoint: messages in parts and as streams<td>dev.parley.standalone.PartialMessagesTest,
 *     dev.parley.frames.MessagePartsTest
 * <tr><td>a team's endpoint: what is found of its jars<td>dev.parley.standalone.FoundClassesTest
 * <tr><td>a team's endpoint: what its code throws; messages of a kind that it does not take
 *     <td>dev.parley.standalone.EndpointFailuresTest, dev.parley.standalone.UnsupportedDataTest
 * <tr><td>what is answered to a request that cannot be answered<td>dev.parley.e2e.ErrorAnswersIT
 * <tr><td>writing, threads, and what connections leave behind<td>dev.parley.grizzly.DirectWritesTest, dev.parley.standalone.ReadIoStrategyTest,
 *     dev.parley.standalone.OwnBytesTest,
 *     dev.parley.standalone.ConnectionRoundsTest
 * <tr><td>a team's endpoints and their clients, which wait<td>dev.parley.standalone.TeamEndpointsTest, dev.parley.e2e.DeafTeamClientsIT,
 *     dev.parley.concurrent.ThreadSharesTest
 * <tr><th colspan="2">Clients
 * <tr><td>the Java client and commands through a proxy with a login, also squid<td>dev.parley.e2e.ConnectProxyIT
 * <tr><td>the Java client against a server<td>dev.parley.e2e.ClientIT, dev.parley.e2e.ClientTokensIT, dev.parley.e2e.ClientJarIT
 * <tr><td>its connecting, reading and publishing, without a network<td>dev.parley.client.ConnectingTest, dev.parley.client.ReadingTest,
 *     dev.parley.client.ClientPublishingTest
 * <tr><td>its parts<td>dev.parley.client.BackoffTest, dev.parley.client.CloseCodesTest, dev.parley.client.CursorTest, dev.parley.client.DataTest
 * <tr><td>its threads, exchanges, publishes under way, renewed tokens<td>dev.parley.client.ListenerDispatcherTest, dev.parley.client.ReplyCorrelatorTest,
 *     dev.parley.client.PendingPublishesTest, dev.parley.client.TokenRefresherTest
 * <tr><td>other people's WebSocket clients in one room<td>dev.parley.clients.ClientsTest, dev.parley.browser.ClientsIT,
 *     dev.parley.clients.ClientContract
 * <tr><td>the browser client: by itself, over each transport, behind proxies<td>dev.parley.browser.ClientLibraryIT,
 *     dev.parley.browser.BrowserTransportsIT, dev.parley.browser.ProxiesIT
 * <tr><th colspan="2">The page
 * <tr><td>a room: talking, typing, unread, older messages, images<td>dev.parley.browser.RoomIT, dev.parley.browser.TypingIT,
 *     dev.parley.browser.UnreadIT, dev.parley.browser.HistoryIT, dev.parley.browser.ImagesIT
 * <tr><td>outages, sign-in, injection<td>dev.parley.browser.RestartIT, dev.parley.browser.ForgottenIT,
 *     dev.parley.browser.SignInIT, dev.parley.browser.InjectionIT
 * <tr><td>looks and roles; Firefox; what each transport costs<td>dev.parley.browser.LooksIT, dev.parley.browser.FirefoxIT, dev.parley.browser.CostsIT
 * <tr><th colspan="2">What is shipped, and how it is built
 * <tr><td>packages and their arrows; what a team may import; this index<td>dev.parley.ArchitectureTest, dev.parley.PublicPackagesTest,
 *     dev.parley.TestIndexTest
 * <tr><td>a server that takes a team's classes anew<td>dev.parley.standalone.DevServerTest, dev.parley.standalone.TeamClassLoaderTest
 * <tr><td>what a team injects<td>dev.parley.standalone.PublicBeansTest
 * <tr><td>the test kit, on an endpoint and a filter as a team has them<td>dev.parley.testkit.ParleyTestTest
 * <tr><td>what stands in which package; the distribution<td>dev.parley.PackagingIT, dev.parley.e2e.DistributionIT
 * <tr><td>what README says, and its commands<td>dev.parley.ReadmeTest, dev.parley.ManualTest, dev.parley.e2e.CurlIT
 * <tr><td>the loop by which all senders drain<td>dev.parley.concurrent.DrainLoopStressTest, dev.parley.concurrent.DrainLoopTest
 * <tr><td>large work is done in turns<td>dev.parley.concurrent.FairTurnsTest
 * <tr><td>what may hang has threads of its own kind; what throws ends no loop<td>dev.parley.concurrent.BoundedThreadsTest,
 *     dev.parley.concurrent.FailureLogTest, dev.parley.concurrent.OutcomeFutureTest, dev.parley.server.NodeExecutorsTest
 * <tr><td>versions that both builds name<td>dev.parley.BuildsTest
 * <tr><td>the Java client sends one message at a time<td>dev.parley.client.SenderTest
 * <tr><td>publishes under way, bodies that come late, over HTTP<td>dev.parley.http.HttpPublishingTest
 * <tr><td>how many bytes may be published over time; a full log<td>dev.parley.connection.PublishRatesTest, dev.parley.e2e.FullLogIT
 * <tr><td>halves of surrogate pairs<td>dev.parley.protocol.UnicodeTest
 * <tr><td>CDI events whose observers fail<td>dev.parley.server.BeanEventsTest
 * <tr><td>what a team's endpoint publishes; what its client is told of a refusal<td>dev.parley.websocket.WebSocketSessionsTest,
 *     dev.parley.websocket.EndpointRefusalsTest
 * <tr><td>a team's Jakarta REST resources, standalone<td>dev.parley.standalone.TeamResourcesTest, dev.parley.standalone.TeamRequestsTest
 * <tr><td>what a team does wrong is told, and opens nothing<td>dev.parley.standalone.TeamMistakesTest
 * <tr><td>the tests' own bad networks<td>dev.parley.testing.ChaosProxyTest, dev.parley.testing.MiddleboxTest
 * </table>
 */
package dev.parley;
