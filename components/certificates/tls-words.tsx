import type { ReactNode } from "react";
import { Panel } from "#components/ui/panel.tsx";

/** What the choices of a listener's TLS mean. */
export function TlsWords() {
  return (
    <Panel title="TLS at a listener">
      <dl className="grid gap-x-6 gap-y-2 md:grid-cols-2">
        <Word name="allowed">STARTTLS is offered; clients that do not use it are served in clear text.</Word>
        <Word name="required">
          Nothing is done before STARTTLS (RFC 3207 §4). On a port that the internet sends to, mail from servers without
          TLS is lost to you.
        </Word>
        <Word name="implicit">TLS from the first byte (RFC 8314 §3), usually on port 465 for people's programs.</Word>
        <Word name="none">Clear text; STARTTLS is not offered.</Word>
        <Word name="intermediate profile">
          TLS 1.2 and 1.3 (Mozilla): what nearly every mail server and program of the last ten years speaks.
        </Word>
        <Word name="modern profile">
          TLS 1.3 only (Mozilla). Older servers fail their handshake and, where TLS is allowed, often fall back to clear
          text.
        </Word>
      </dl>
    </Panel>
  );
}

function Word({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt className="font-medium">{name}</dt>
      <dd className="max-w-prose text-muted">{children}</dd>
    </div>
  );
}
