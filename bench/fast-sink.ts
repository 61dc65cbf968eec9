import { createServer, type Socket } from "node:net";

// Takes and forgets mail faster than smtp-sink, which reads byte by byte and stops at about 140 MB/s: for large messages. Its parent, if it
// listens, is told now and then how many came.
const tellEveryMs = 5;
let taken = 0;
let told = 0;

function tell(): void {
  if (taken === told) return;
  told = taken;
  process.send?.(taken);
}

if (process.send !== undefined) setInterval(tell, tellEveryMs);

const end = Buffer.from("\r\n.\r\n");

function serve(socket: Socket): void {
  let inBody = false;
  /** The last bytes before the chunk, for an end that is cut in two. */
  let tail: Buffer = Buffer.alloc(0);
  socket.setNoDelay(true);
  socket.on("error", () => socket.destroy());
  socket.write("220 sink.test ESMTP\r\n");
  socket.on("data", (chunk: Buffer) => {
    let rest: Buffer = tail.length === 0 ? chunk : Buffer.concat([tail, chunk]);
    tail = Buffer.alloc(0);
    while (rest.length > 0) {
      const mark = inBody ? end : end.subarray(0, 2);
      const at = rest.indexOf(mark);
      if (at === -1) {
        tail = inBody ? rest.subarray(-(end.length - 1)) : rest;
        return;
      }
      const verb = inBody ? "." : rest.toString("latin1", 0, Math.min(4, at)).toUpperCase();
      rest = rest.subarray(at + mark.length);
      if (verb === ".") taken++;
      inBody = verb === "DATA";
      if (verb === "QUIT") return void socket.end("221 bye\r\n");
      socket.write(answers[verb] ?? "250 2.0.0 ok\r\n");
    }
  });
}

const answers: Readonly<Record<string, string>> = {
  EHLO: "250-sink.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n250 SIZE 100000000\r\n",
  DATA: "354 go on\r\n",
};

createServer(serve).listen(Number(process.argv[2]), "127.0.0.1");
