import { Panel } from "#components/ui/panel.tsx";
import { TextLink } from "#components/ui/text-link.tsx";

const lines = `certificates:
  - name: mx
    certFile: /etc/postern/mx.pem
    keyFile: /etc/postern/mx.key`;

/** How a worker comes by a certificate. */
export function AddCertificate() {
  return (
    <Panel title="Add a certificate">
      <ol className="flex list-decimal flex-col gap-2 ps-5">
        <li>
          Put the certificate with its chain and the key on the worker's machine as PEM files. The key must be readable
          by the worker only: <code className="font-mono">chmod 600</code>.
        </li>
        <li>
          Name it in the worker's <code className="font-mono">worker.yaml</code>, and restart the worker:
          <pre className="mt-1 overflow-x-auto rounded-md bg-sunken p-2 font-mono" tabIndex={0}>
            {lines}
          </pre>
        </li>
        <li>
          Choose it by its name at a listener of a <TextLink href="/policies">policy</TextLink>, and publish. Workers
          that serve the same policy need certificates of the same names.
        </li>
      </ol>
      <p className="mt-2 text-muted">
        To renew one, replace the files: they are read again within seconds, without a restart. While the new ones
        cannot be used, the old certificate stays and this page says why.
      </p>
    </Panel>
  );
}
