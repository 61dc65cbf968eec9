import { ForeignText } from "#components/ui/foreign-text.tsx";
import { Row, Table, Td, Th } from "#components/ui/table.tsx";
import { TextLink } from "#components/ui/text-link.tsx";
import { Time } from "#components/ui/time.tsx";
import type { CertificateUser, CertificateView } from "#lib/certificates/queries.ts";
import { ValidityBadge } from "./validity-badge.tsx";

const namesShownMax = 6;

/** Every certificate of every worker. */
export function CertificateTable({ certificates }: { certificates: readonly CertificateView[] }) {
  return (
    <Table caption="Certificates of the workers">
      <thead>
        <tr>
          <Th className="w-1/4">Certificate</Th>
          <Th>For the names</Th>
          <Th>Valid</Th>
          <Th className="w-1/5">Used by</Th>
          <Th>Read</Th>
        </tr>
      </thead>
      <tbody>
        {certificates.map((view) => (
          <CertificateRow key={`${view.worker} ${view.status.name}`} view={view} />
        ))}
      </tbody>
    </Table>
  );
}

function CertificateRow({ view: { worker, heard, status, validity, users } }: { view: CertificateView }) {
  const { name, inUse, problem } = status;
  return (
    <Row>
      <Td wide className="align-top">
        <span className="font-medium">{name}</span>
        <span className="block text-muted">
          worker {worker}
          {!heard && ", not heard: this may be old"}
        </span>
        {problem !== null && (
          <span className="block text-deny [overflow-wrap:anywhere]">
            {inUse === null ? "Cannot be used: " : "Its new files cannot be used, the certificate from before is: "}
            <ForeignText text={problem} />
          </span>
        )}
      </Td>
      {inUse === null ? (
        <Td colSpan={2} label="Valid" className="align-top text-muted">
          none in use
        </Td>
      ) : (
        <>
          <Td wide className="align-top">
            <Names names={inUse.names} />
            <span className="block text-muted [overflow-wrap:anywhere]">
              <ForeignText text={inUse.subject} />, issued by <ForeignText text={inUse.issuer} />
            </span>
            <span className="block font-mono text-muted text-sm [overflow-wrap:anywhere]">
              SHA-256 {inUse.fingerprint}
            </span>
          </Td>
          <Td label="Valid" wide className="align-top">
            {validity !== null && <ValidityBadge validity={validity} certificate={inUse} />}
            <span className="block text-muted text-sm">
              <Time at={inUse.validFrom} /> to
              <br className="max-sm:hidden" /> <Time at={inUse.validTo} />
            </span>
          </Td>
        </>
      )}
      <Td label="Used by" className="align-top">
        <Users users={users} />
      </Td>
      <Td label="Read" className="align-top whitespace-nowrap">
        {inUse === null ? <span className="text-muted">never</span> : <Time at={inUse.loadedAt} form="relative" />}
      </Td>
    </Row>
  );
}

function Names({ names }: { names: readonly string[] }) {
  if (names.length === 0) return <span className="text-muted">no names: clients cannot check it</span>;
  const left = names.length - namesShownMax;
  return (
    <span className="[overflow-wrap:anywhere]">
      <ForeignText text={names.slice(0, namesShownMax).map(withoutKind).join(", ")} />
      {left > 0 && ` and ${left} more`}
    </span>
  );
}

/** `DNS:mx.example.org` without its kind; other kinds keep theirs. */
function withoutKind(name: string): string {
  return name.startsWith("DNS:") ? name.slice("DNS:".length) : name;
}

function Users({ users }: { users: readonly CertificateUser[] }) {
  if (users.length === 0) return <span className="text-muted">no listener</span>;
  return (
    <ul>
      {users.map(({ policy, listener, first, published }) => (
        <li key={`${policy} ${listener}`}>
          <TextLink href="/policies">{policy}</TextLink> <span className="font-mono text-sm">{listener}</span>
          <span className="text-muted">
            {first ? ", shown to clients that ask for no name" : ""}
            {published ? "" : ", not published yet"}
          </span>
        </li>
      ))}
    </ul>
  );
}
