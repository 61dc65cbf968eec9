"use client";
import { Plus } from "lucide-react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { ChoiceField, LinesField, NumberField, TextField } from "#components/ui/form-fields.tsx";
import { type FormProblems, problemAt } from "#components/ui/read-form.ts";
import { TextLink } from "#components/ui/text-link.tsx";
import { type Policy, policySchema } from "#core/contract/policy-document.ts";
import { helpOf, listenerTlsChoices, profileChoices } from "./policy-choices.ts";
import { type ListenerDraft, newListener, withListenerTls } from "./policy-draft.ts";

type ListenerFieldsProps = {
  protocol: Policy["protocol"];
  listeners: readonly ListenerDraft[];
  problems: FormProblems;
  /** The names that the workers have. */
  certificates: readonly string[];
  onChange: (listeners: ListenerDraft[]) => void;
};

const listenerSchema = policySchema.shape.listen.element;

/** Where a policy listens: one or several places. */
export function ListenerFields({ protocol, listeners, problems, certificates, onChange }: ListenerFieldsProps) {
  const add = () =>
    onChange([...listeners, newListener(protocol, Math.max(-1, ...listeners.map(({ key }) => key)) + 1)]);
  return (
    <>
      {listeners.map((listener, index) => (
        <OneListener
          key={listener.key}
          protocol={protocol}
          listener={listener}
          at={`listen.${index}`}
          title={`Listener ${index + 1}`}
          problems={problems}
          certificates={certificates}
          onChange={(change) =>
            onChange(listeners.map((other) => (other.key === listener.key ? { ...other, ...change } : other)))
          }
          onRemove={listeners.length > 1 ? () => onChange(listeners.filter(({ key }) => key !== listener.key)) : null}
        />
      ))}
      <Button size="small" className="self-start" onClick={add}>
        <Plus aria-hidden size={14} />
        Add listener
      </Button>
    </>
  );
}

type OneListenerProps = Omit<ListenerFieldsProps, "listeners" | "onChange"> & {
  listener: ListenerDraft;
  at: string;
  title: string;
  onChange: (change: Partial<ListenerDraft>) => void;
  onRemove: (() => void) | null;
};

function OneListener({ protocol, listener, at, title, problems, certificates, onChange, onRemove }: OneListenerProps) {
  const problem = (name: string) => problemAt(problems, `${at}.${name}`);
  return (
    <fieldset className="flex min-w-0 flex-col gap-3 border-line border-s-2 ps-3">
      <legend className="sr-only">{title}</legend>
      <div className="flex items-center justify-between">
        <span aria-hidden className="font-medium">
          {title}
        </span>
        {onRemove !== null && (
          <Button variant="quiet" size="small" onClick={onRemove}>
            Remove listener
          </Button>
        )}
      </div>
      <TextField
        label="Address"
        help="A local address of the worker. 0.0.0.0 is every IPv4 address, :: every address."
        className="font-mono"
        placeholder="0.0.0.0"
        value={listener.address}
        problem={problem("address")}
        onChange={(address) => onChange({ address })}
      />
      <NumberField
        label="Port"
        help={
          protocol === "smtp"
            ? "25 between servers, 587 and 465 for people's programs."
            : "110 for clear text and STLS, 995 for implicit TLS."
        }
        schema={listenerSchema.shape.port}
        value={listener.port}
        problem={problem("port")}
        onChange={(port) => onChange({ port })}
      />
      <ListenerTls
        protocol={protocol}
        listener={listener}
        certificates={certificates}
        problem={problem}
        onChange={onChange}
      />
      <details open={listener.proxyProtocolFrom !== "" || undefined}>
        <summary className="rounded-sm font-medium">PROXY protocol</summary>
        <div className="mt-2">
          <LinesField
            label="Balancers"
            help="Networks of load balancers that say whose connection it is (PROXY protocol, version 1 or 2). From them it is expected; from others it is never read. Empty: none."
            value={listener.proxyProtocolFrom}
            problem={problem("proxyProtocolFrom")}
            onChange={(proxyProtocolFrom) => onChange({ proxyProtocolFrom })}
          />
        </div>
      </details>
    </fieldset>
  );
}

type ListenerTlsProps = {
  protocol: Policy["protocol"];
  listener: ListenerDraft;
  certificates: readonly string[];
  problem: (name: string) => string | undefined;
  onChange: (change: Partial<ListenerDraft>) => void;
};

function ListenerTls({ protocol, listener, certificates, problem, onChange }: ListenerTlsProps) {
  return (
    <>
      <ChoiceField
        label="TLS with clients"
        help={helpOf(listenerTlsChoices[protocol], listener.tlsMode)}
        value={listener.tlsMode}
        choices={listenerTlsChoices[protocol]}
        problem={problem("tls.mode")}
        onChange={(tlsMode) => onChange(withListenerTls(protocol, listener, tlsMode, certificates))}
      />
      {listener.tlsMode !== "none" && (
        <>
          <CertificateChoice
            chosen={listener.certificates}
            known={certificates}
            problem={problem("tls.certificates")}
            onChange={(chosen) => onChange({ certificates: chosen })}
          />
          <ChoiceField
            label="TLS profile"
            help={helpOf(profileChoices, listener.profile)}
            value={listener.profile}
            choices={profileChoices}
            problem={problem("tls.profile")}
            onChange={(profile) => onChange({ profile })}
          />
        </>
      )}
    </>
  );
}

type CertificateChoiceProps = {
  chosen: readonly string[];
  known: readonly string[];
  problem: string | undefined;
  onChange: (chosen: string[]) => void;
};

/** Certificates by name; the first one chosen serves clients that ask for none. */
function CertificateChoice({ chosen, known, problem, onChange }: CertificateChoiceProps) {
  const names = [...new Set([...chosen, ...known])];
  return (
    <fieldset className="flex flex-col gap-1">
      <legend className="font-medium">Certificates</legend>
      {names.length === 0 && (
        <p className="text-muted">
          No worker has one yet: <TextLink href="/certificates">how to add one</TextLink>.
        </p>
      )}
      {names.map((name) => (
        <Checkbox
          key={name}
          checked={chosen.includes(name)}
          onChange={({ target }) =>
            onChange(target.checked ? [...chosen, name] : chosen.filter((other) => other !== name))
          }
          label={
            <>
              {name}
              {chosen[0] === name && chosen.length > 1 && (
                <span className="text-muted"> (for clients that ask for no name)</span>
              )}
              {!known.includes(name) && <span className="text-warn"> (no worker has it)</span>}
            </>
          }
        />
      ))}
      <p className="text-muted">Clients get the one for the name that they ask for; without a name the first chosen.</p>
      {problem !== undefined && <p className="text-deny">{problem}</p>}
    </fieldset>
  );
}
