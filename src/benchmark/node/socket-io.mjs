// Socket.IO: what one publishes goes to a room
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { serve } from './lifeline.mjs';

const server = createServer();
const io = new Server(server, { transports: ['websocket'], perMessageDeflate: false, serveClient: false });

io.on('connection', socket => {
  if (socket.handshake.query.room) {
    socket.join('room');
  }
  socket.on('publish', body => io.to('room').emit('message', body));
});

serve(server);
