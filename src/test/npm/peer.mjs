// One WebSocket of the package ws, led by a test: a JSON line on standard input is a thing to do, one on standard
// output is a thing that came. Arguments: the address, and the sub-protocol if there is one.
import { createInterface } from 'node:readline';
import WebSocket from 'ws';

const [address, subProtocol] = process.argv.slice(2);
const socket = new WebSocket(address, subProtocol ? [subProtocol] : []);
const tell = what => process.stdout.write(`${JSON.stringify(what)}\n`);

socket.on('open', () => tell({ open: socket.protocol }));
socket.on('message', (data, isBinary) => tell(isBinary ? { binary: data.toString('base64') } : { text: String(data) }));
socket.on('error', error => tell({ error: error.message }));
socket.on('close', () => process.exit());

for await (const line of createInterface({ input: process.stdin })) {
  const { text, binary, fetch: url } = JSON.parse(line);
  if (url !== undefined) {
    const response = await fetch(url);
    tell(response.ok ? { fetched: Buffer.from(await response.arrayBuffer()).toString('base64') } : { error: response.status });
  } else {
    socket.send(text ?? Buffer.from(binary, 'base64'));
  }
}
socket.close();
