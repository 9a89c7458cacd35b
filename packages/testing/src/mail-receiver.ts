import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';

/** A mail server on the loopback interface that records what it receives: the commands, and the text after DATA. */
export type MailReceiver = { port: number; commands: string[]; mails: string[]; close(): Promise<void> };

/** Starts a mail server without encryption that accepts everything; with `refused` it refuses every recipient. */
export async function startMailReceiver(options: { refused?: boolean } = {}): Promise<MailReceiver> {
  const commands: string[] = [];
  const mails: string[] = [];
  const server = createServer((socket) => speak(socket, commands, mails, options.refused === true));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is an object.
  const { port } = server.address() as AddressInfo;
  return { port, commands, mails, close: () => new Promise((resolve) => server.close(() => resolve())) };
}

function speak(socket: Socket, commands: string[], mails: string[], refused: boolean): void {
  let rest = '';
  let mail: string | undefined;
  const answer = (line: string) => socket.write(`${line}\r\n`);
  const take = (line: string) => {
    if (mail !== undefined) {
      if (line !== '.') {
        mail += `${line}\n`;
        return;
      }
      mails.push(mail);
      mail = undefined;
      answer('250 taken');
      return;
    }
    commands.push(line);
    const verb = line.split(' ', 1)[0]?.toUpperCase();
    switch (verb) {
      case 'EHLO':
        answer('250-mail.test');
        answer('250 AUTH PLAIN');
        return;
      case 'AUTH':
        return void answer('235 welcome');
      case 'RCPT':
        return void answer(refused ? '550 nobody of that name' : '250 ok');
      case 'DATA':
        mail = '';
        return void answer('354 go on');
      case 'QUIT':
        answer('221 bye');
        return void socket.end();
      default:
        return void answer('250 ok');
    }
  };
  answer('220 mail.test');
  socket.on('error', () => socket.destroy());
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\r\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
  });
}
