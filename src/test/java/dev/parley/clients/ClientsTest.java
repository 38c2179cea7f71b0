package dev.parley.clients;

import java.util.List;

/** The clients that every JDK and every Jakarta EE project has. */
class ClientsTest extends ClientContract {
    @Override
    protected List<ClientSocket.Client> clients() {
        return javaClients();
    }
}
