package dev.parley.standalone;

/** Starts the server. */
public final class Main {
    private Main() {}

    public static void main(String[] args) throws InterruptedException {
        Thread.currentThread().join();
    }
}
