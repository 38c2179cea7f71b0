/**
 * Listens on any free port of loopback, says which, and ends with the one who started it.
 * @param {import('node:http').Server} server
 */
export function serve(server) {
  process.stdin.on('end', () => process.exit(1)).resume();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
    console.log('listening ' + server.address().port);
  });
}
