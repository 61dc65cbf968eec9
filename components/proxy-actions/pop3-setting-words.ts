import { sharedLimits } from "./limit-words.ts";
import { generalSettings, type SettingSection } from "./setting-words.ts";

/** The sections of a POP3 proxy action's settings, in the order of the page. */
export const pop3Sections: readonly SettingSection[] = [
  { id: "general", title: "General", settings: generalSettings },
  {
    id: "limits",
    title: "Limits",
    help: "None can be switched off.",
    settings: [
      ...sharedLimits,
      {
        path: "limits.messageBytesMax",
        label: "Message size",
        unit: "bytes",
        help: "The largest that is held for a verdict; a larger one is answered by a notice.",
      },
      {
        path: "limits.lineBytesMax",
        label: "Line of a message",
        unit: "bytes",
        help: "CRLF included. A message with a longer one is answered by a notice.",
      },
      {
        path: "limits.commandBytesMax",
        label: "Command line",
        unit: "bytes",
        help: "CRLF included (RFC 2449 §4: 255).",
      },
      {
        path: "limits.responseBytesMax",
        label: "First line of a response",
        unit: "bytes",
        help: "From the server (RFC 2449 §4: 512).",
      },
      {
        path: "limits.idleTimeoutMs",
        label: "Silence of the client",
        unit: "ms",
        help: "RFC 1939 §3: at least 10 minutes.",
      },
      { path: "limits.errorsMax", label: "Errors before the session ends", unit: "errors" },
    ],
  },
];
