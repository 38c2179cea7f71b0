package dev.parley.browser;

import com.microsoft.playwright.Page;
import dev.parley.clients.ClientSocket;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The browser's own {@code WebSocket} and {@code fetch}, in a page of the server's. */
final class BrowserClient implements ClientSocket.Client {
    private static final String OPEN = """
            ([address, subProtocols]) => new Promise((resolve, reject) => {
              const socket = new WebSocket(address, subProtocols);
              const came = [];
              let wake = () => {};
              socket.binaryType = 'arraybuffer';
              socket.onmessage = ({ data }) => {
                came.push(typeof data === 'string' ? { text: data } : { binary: new Uint8Array(data).toBase64() });
                wake();
              };
              socket.onclose = ({ code }) => reject(new Error(`closed with ${code}`));
              socket.onopen = () => resolve(peers.length);
              const next = async () => {
                while (came.length === 0) {
                  await new Promise(resolve => (wake = resolve));
                }
                return came.shift();
              };
              globalThis.peers = globalThis.peers ?? [];
              peers.push({ socket, next });
            })
            """;
    private static final String NEXT = """
            ([number, patience]) => Promise.race([
              peers[number - 1].next(),
              new Promise((_, reject) => setTimeout(() => reject(new Error('nothing came')), patience)),
            ])
            """;

    private final Page page;

    BrowserClient(Page page) {
        this.page = page;
    }

    @Override
    public ClientSocket open(URI uri, Optional<String> subProtocol) {
        Object number =
                page.evaluate(OPEN, List.of(uri.toString(), subProtocol.stream().toList()));
        return new BrowserPeer(page, (Integer) number);
    }

    @Override
    public String toString() {
        return "the browser's WebSocket";
    }

    private record BrowserPeer(Page page, int number) implements ClientSocket {
        @Override
        public void send(String text) {
            page.evaluate("([number, text]) => peers[number - 1].socket.send(text)", List.of(number, text));
        }

        @Override
        public void send(byte[] bytes) {
            page.evaluate(
                    "([number, bytes]) => peers[number - 1].socket.send(Uint8Array.fromBase64(bytes))",
                    List.of(number, Base64.getEncoder().encodeToString(bytes)));
        }

        @Override
        public Received next() {
            Map<?, ?> came = (Map<?, ?>) page.evaluate(NEXT, List.of(number, Math.toIntExact(PATIENCE.toMillis())));
            return came.get("text") instanceof String text
                    ? new Received.Text(text)
                    : new Received.Binary(Base64.getDecoder().decode((String) came.get("binary")));
        }

        @Override
        public byte[] fetch(URI uri) {
            Object bytes = page.evaluate(
                    "async address => new Uint8Array(await (await fetch(address)).arrayBuffer()).toBase64()",
                    uri.toString());
            return Base64.getDecoder().decode((String) bytes);
        }

        @Override
        public void close() {
            page.evaluate("number => peers[number - 1].socket.close()", number);
        }
    }
}
