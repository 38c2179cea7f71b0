package dev.parley.benchmark.load;

import java.util.List;

/**
 * How one speaks with a kind of server: where to connect, what to say until one is subscribed, how to publish, and where
 * in what is delivered the body stands: at the end, but for a suffix.
 */
enum Dialect {
    /** The body is all there is in a message, either way. */
    RAW("", 0, Role.SUBSCRIBER) {
        @Override
        String path(Role role) {
            return switch (role) {
                case SUBSCRIBER -> "/room";
                case PUBLISHER -> "/publish";
                case ECHO -> "/echo";
            };
        }

        @Override
        List<Step> opening(Role role, String channel, String after) {
            return role == Role.SUBSCRIBER ? List.of(new Step("", "ready")) : List.of();
        }

        @Override
        String publish(long id, String channel, String body) {
            return body;
        }
    },

    /** {@code v1.parley}: one or more JSON lines a message, of which {@code data} is the last member. */
    PARLEY("v1.parley", 2, Role.SUBSCRIBER) {
        @Override
        String path(Role role) {
            return role == Role.ECHO ? "/echo" : "/channels";
        }

        @Override
        List<Step> opening(Role role, String channel, String after) {
            if (role != Role.SUBSCRIBER) {
                return List.of();
            }
            String place = after.isEmpty() ? "" : ",\"after\":\"" + after + "\"";
            return List.of(new Step(
                    "{\"id\":1,\"subscribe\":{\"channel\":\"" + channel + "\"" + place + "}}", "\"subscribed\""));
        }

        @Override
        String publish(long id, String channel, String body) {
            return "{\"id\":" + id + ",\"publish\":{\"channel\":\"" + channel + "\",\"data\":\"" + body + "\"}}";
        }
    },

    /** STOMP 1.2, to a broker that tells nobody that the subscription stands. */
    STOMP("v12.stomp", 1, null) {
        @Override
        String path(Role role) {
            return "/stomp";
        }

        @Override
        List<Step> opening(Role role, String channel, String after) {
            Step connect = new Step("CONNECT\naccept-version:1.2\nhost:localhost\nheart-beat:0,0\n\n\0", "CONNECTED");
            return role == Role.SUBSCRIBER
                    ? List.of(connect, new Step("SUBSCRIBE\nid:0\ndestination:/topic/" + channel + "\n\n\0", ""))
                    : List.of(connect);
        }

        @Override
        String publish(long id, String channel, String body) {
            return "SEND\ndestination:/topic/" + channel + "\ncontent-type:text/plain\n\n" + body + "\0";
        }
    },

    /** Socket.IO 5 over Engine.IO 4. */
    SOCKET_IO("", 2, Role.SUBSCRIBER) {
        @Override
        String path(Role role) {
            return "/socket.io/?EIO=4&transport=websocket" + (role == Role.SUBSCRIBER ? "&room=yes" : "");
        }

        @Override
        List<Step> opening(Role role, String channel, String after) {
            return List.of(new Step("", "0{"), new Step("40", "40{"));
        }

        @Override
        String publish(long id, String channel, String body) {
            return "42[\"publish\",\"" + body + "\"]";
        }
    };

    /** Of the sub-protocol for channels; empty is none. */
    final String subProtocol;

    /** Bytes after the body. */
    final int suffix;

    private final Role knowing;

    /** What a connection is for. */
    enum Role {
        SUBSCRIBER,
        PUBLISHER,
        ECHO
    }

    /**
     * @param say empty where there is nothing to say
     * @param await how the answer begins, or what is in it; empty where there is none
     */
    record Step(String say, String await) {}

    Dialect(String subProtocol, int suffix, Role knowing) {
        this.subProtocol = subProtocol;
        this.suffix = suffix;
        this.knowing = knowing;
    }

    abstract String path(Role role);

    /** @param after the position to resume from, or empty */
    abstract List<Step> opening(Role role, String channel, String after);

    abstract String publish(long id, String channel, String body);

    /** Whether a message may hold several deliveries, one a line. */
    boolean lines() {
        return this == PARLEY;
    }

    /** Whether a subscriber is told when it is one. */
    boolean tells() {
        return knowing == Role.SUBSCRIBER;
    }
}
