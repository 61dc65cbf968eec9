import type { Socket } from "node:net";
import type { Admission, Session } from "../services.ts";
export function startPop3Session(socket: Socket, admission: Admission): Session {
  socket.on("error", () => socket.destroy());
  socket.once("close", () => admission.onEnd());
  socket.end("-ERR [SYS/TEMP] not yet\r\n");
  return { drain: () => socket.end(), destroy: () => socket.destroy() };
}
