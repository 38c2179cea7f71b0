package dev.parley.benchmark.peer;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.servlet.Servlets;
import io.undertow.servlet.api.DeploymentInfo;
import io.undertow.servlet.api.DeploymentManager;
import io.undertow.websockets.jsr.WebSocketDeploymentInfo;
import jakarta.servlet.ServletException;
import java.net.InetSocketAddress;
import org.xnio.Options;

/** Undertow with its Jakarta WebSocket. */
public final class UndertowServer {
    private static final int BACKLOG = 4096;

    private UndertowServer() {}

    public static void main(String[] args) throws ServletException, InterruptedException {
        WebSocketDeploymentInfo endpoints = new WebSocketDeploymentInfo()
                .addEndpoint(JakartaRoom.Room.class)
                .addEndpoint(JakartaRoom.Publish.class)
                .addEndpoint(JakartaRoom.Echo.class);
        DeploymentInfo deployment = Servlets.deployment()
                .setClassLoader(UndertowServer.class.getClassLoader())
                .setContextPath("/")
                .setDeploymentName("benchmark")
                .addServletContextAttribute(WebSocketDeploymentInfo.ATTRIBUTE_NAME, endpoints);
        DeploymentManager manager = Servlets.defaultContainer().addDeployment(deployment);
        manager.deploy();
        Undertow server = Undertow.builder()
                .addHttpListener(0, "127.0.0.1")
                .setSocketOption(Options.BACKLOG, BACKLOG)
                .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, -1)
                .setHandler(Handlers.path().addPrefixPath("/", manager.start()))
                .build();
        server.start();
        Lifeline.serving(((InetSocketAddress) server.getListenerInfo().get(0).getAddress()).getPort());
    }
}
