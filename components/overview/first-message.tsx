import { EmptyState } from "#components/ui/empty-state.tsx";
import type { Overview } from "#lib/overview/overview.ts";

/** Before any mail: how to send some. */
export function FirstMessage({ listener }: { listener: Overview["smtpListener"] }) {
  return (
    <EmptyState title="Waiting for the first message">
      <p>Send one through the gate; it shows up here within seconds.</p>
      <pre className="mt-2 overflow-x-auto whitespace-pre-wrap rounded-md bg-sunken p-2 font-mono text-sm text-text">
        npm run demo:send -- clean
        {listener !== null &&
          `\nswaks --server ${hostPort(listener)} --from sender@example.com --to alice@example.test`}
      </pre>
    </EmptyState>
  );
}

function hostPort({ address, port }: { address: string; port: number }): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
