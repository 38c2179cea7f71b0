package dev.parley.browser;

import dev.parley.clients.ClientSocket;
import dev.parley.clients.Inbox;
import jakarta.json.Json;
import jakarta.json.JsonObject;
import jakarta.json.JsonReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The package {@code ws} from npm: a process of Node for each WebSocket. */
final class NodeClient implements ClientSocket.Client {
    private final Path folder;

    NodeClient(Path folder) {
        this.folder = folder;
    }

    @Override
    public ClientSocket open(URI uri, Optional<String> subProtocol) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("node", "peer.mjs", uri.toString()));
        subProtocol.ifPresent(command::add);
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        NodePeer peer = new NodePeer(process);
        JsonObject opened = peer.answer("open");
        if (!opened.getString("open").equals(subProtocol.orElse(""))) {
            throw new IOException("The server agreed on another sub-protocol: " + opened);
        }
        return peer;
    }

    @Override
    public String toString() {
        return "ws from npm";
    }

    private static final class NodePeer implements ClientSocket {
        private final Process process;
        private final Writer commands;
        private final Inbox messages = new Inbox();
        private final BlockingQueue<JsonObject> answers = new LinkedBlockingQueue<>();

        NodePeer(Process process) {
            this.process = process;
            this.commands = process.outputWriter();
            Thread reader = new Thread(this::read, "node-output");
            reader.setDaemon(true);
            reader.start();
        }

        @Override
        public void send(String text) throws IOException {
            tell("text", text);
        }

        @Override
        public void send(byte[] bytes) throws IOException {
            tell("binary", Base64.getEncoder().encodeToString(bytes));
        }

        @Override
        public Received next() throws InterruptedException {
            return messages.next();
        }

        @Override
        public byte[] fetch(URI uri) throws IOException, InterruptedException {
            tell("fetch", uri.toString());
            return Base64.getDecoder().decode(answer("fetched").getString("fetched"));
        }

        @Override
        public void close() {
            process.destroy();
        }

        private void tell(String what, String value) throws IOException {
            commands.write(Json.createObjectBuilder().add(what, value).build() + "\n");
            commands.flush();
        }

        JsonObject answer(String name) throws IOException, InterruptedException {
            JsonObject answer = answers.poll(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            if (answer == null || !answer.containsKey(name)) {
                throw new IOException("Node did not answer " + name + ": " + answer);
            }
            return answer;
        }

        private void read() {
            try (BufferedReader lines = process.inputReader()) {
                lines.lines().forEach(this::take);
            } catch (UncheckedIOException | IOException e) {
                // the process has ended
            }
        }

        private void take(String line) {
            try (JsonReader reader = Json.createReader(new StringReader(line))) {
                JsonObject object = reader.readObject();
                if (object.containsKey("text")) {
                    messages.add(new Received.Text(object.getString("text")));
                } else if (object.containsKey("binary")) {
                    messages.add(new Received.Binary(Base64.getDecoder().decode(object.getString("binary"))));
                } else {
                    answers.add(object);
                }
            }
        }
    }
}
