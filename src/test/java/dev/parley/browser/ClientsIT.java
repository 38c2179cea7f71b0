package dev.parley.browser;

import dev.parley.clients.ClientContract;
import dev.parley.clients.ClientSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** A browser and {@code ws} from npm, in one room with the JDK's and Tyrus's clients. */
@Needs({Needs.Program.CHROMIUM, Needs.Program.NODE, Needs.Program.NPM})
class ClientsIT extends ClientContract {
    private Chromium chromium;
    private PageUser user;
    private List<ClientSocket.Client> clients;

    @BeforeAll
    void startClients() throws Exception {
        Path packages = Npm.installed();
        chromium = Chromium.start();
        user = chromium.user(page());
        clients = new ArrayList<>(javaClients());
        clients.add(new NodeClient(packages));
        clients.add(new BrowserClient(user.enter("lobby").page()));
    }

    @AfterAll
    void stopClients() {
        if (chromium != null) {
            user.close();
            chromium.close();
        }
    }

    @Override
    protected List<ClientSocket.Client> clients() {
        return clients;
    }
}
