"use client";
import {
  ChoiceField,
  FormSection,
  LinesField,
  NameField,
  NumberField,
  TextField,
} from "#components/ui/form-fields.tsx";
import { type FormProblems, problemAt } from "#components/ui/read-form.ts";
import { pop3RouteSchema, smtpRouteSchema } from "#core/contract/policy-document.ts";
import { usualPort } from "#core/contract/usual-port.ts";
import type { CredentialChoice } from "#lib/credentials/queries.ts";
import { BridgeSection } from "./bridge-section.tsx";
import { PaceSection } from "./pace-section.tsx";
import { RetryPreview } from "./retry-preview.tsx";
import { deliveryChoices, helpOf, lookupChoices, spoolOnChoices, tlsChoices, verifyChoices } from "./route-choices.ts";
import { type RouteDraft, withTlsMode } from "./route-draft.ts";
import { SenderNoticesSection } from "./sender-notices-section.tsx";
import { TargetFields } from "./target-fields.tsx";

export type RouteFieldsProps = {
  draft: RouteDraft;
  problems: FormProblems;
  credentials: readonly CredentialChoice[];
  /** The names of the SMTP routes. */
  routes: readonly string[];
  onChange: (change: Partial<RouteDraft>) => void;
};

/** Everything that a route has. */
export function RouteFields(props: RouteFieldsProps) {
  const { draft, problems, onChange } = props;
  const smtp = draft.protocol === "smtp";
  return (
    <>
      <NameField
        help="Policies follow a new name."
        value={draft.name}
        problem={problemAt(problems, "name")}
        onChange={(name) => onChange({ name })}
      />
      <FormSection title="Servers">
        {smtp && (
          <ChoiceField
            label="Where the mail goes"
            help={helpOf(lookupChoices, draft.lookup)}
            value={draft.lookup}
            choices={lookupChoices}
            problem={problemAt(problems, "lookup")}
            onChange={(lookup) => onChange({ lookup })}
          />
        )}
        {(!smtp || draft.lookup === "targets") && (
          <TargetFields
            targets={draft.targets}
            defaultPort={String(usualPort(draft.protocol, draft.tlsMode))}
            problems={problems}
            onChange={(targets) => onChange({ targets })}
          />
        )}
      </FormSection>
      {smtp && <DeliverySection {...props} />}
      {smtp && draft.delivery !== "inline" && <PaceSection {...props} />}
      {smtp && draft.delivery !== "inline" && <SenderNoticesSection {...props} />}
      <TlsSection {...props} />
      {!smtp && <BridgeSection {...props} />}
      <IdentitySection {...props} />
      <TimesSection {...props} />
    </>
  );
}

function DeliverySection({ draft, problems, onChange }: RouteFieldsProps) {
  return (
    <FormSection title="Delivery">
      <ChoiceField
        label="When the sender is answered"
        help={helpOf(deliveryChoices, draft.delivery)}
        value={draft.delivery}
        choices={deliveryChoices}
        problem={problemAt(problems, "delivery")}
        onChange={(delivery) => onChange({ delivery })}
      />
      {draft.delivery === "inline-or-spool" && (
        <ChoiceField
          label="The server counts as down when"
          help={helpOf(spoolOnChoices, draft.spoolOn)}
          value={draft.spoolOn}
          choices={spoolOnChoices}
          problem={problemAt(problems, "spoolOn")}
          onChange={(spoolOn) => onChange({ spoolOn })}
        />
      )}
      {draft.delivery !== "inline" && (
        <>
          <TextField
            label="Retry schedule"
            help="The wait before each new attempt, for example 1m,5m,1h*23 (s, m, h, d). Empty: five days (RFC 5321 §4.5.4.1)."
            className="font-mono"
            placeholder="1m,5m,10m,15m,30m,1h*23,4h*24"
            value={draft.retrySchedule}
            problem={problemAt(problems, "retrySchedule")}
            onChange={(retrySchedule) => onChange({ retrySchedule })}
          />
          <RetryPreview schedule={draft.retrySchedule} />
        </>
      )}
    </FormSection>
  );
}

function TlsSection({ draft, problems, onChange }: RouteFieldsProps) {
  const verified = draft.tlsMode === "required" || draft.tlsMode === "implicit";
  return (
    <FormSection title="TLS with the servers">
      <ChoiceField
        label="Mode"
        help={helpOf(tlsChoices[draft.protocol], draft.tlsMode)}
        value={draft.tlsMode}
        choices={tlsChoices[draft.protocol]}
        problem={problemAt(problems, "tls.mode")}
        onChange={(tlsMode) => onChange(withTlsMode(draft, tlsMode))}
      />
      {verified && (
        <ChoiceField
          label="The server's certificate is checked"
          help={helpOf(verifyChoices, draft.tlsVerify)}
          value={draft.tlsVerify}
          choices={verifyChoices}
          problem={problemAt(problems, "tls.verify")}
          onChange={(tlsVerify) => onChange({ tlsVerify })}
        />
      )}
      {verified && draft.tlsVerify === "fingerprint" && (
        <LinesField
          label="Fingerprints"
          help="SHA-256 of each certificate, 64 hex digits, with or without colons."
          value={draft.tlsFingerprints}
          problem={problemAt(problems, "tls.fingerprints")}
          onChange={(tlsFingerprints) => onChange({ tlsFingerprints })}
        />
      )}
      {(verified || draft.tlsMode === "preferred") && (
        <TextField
          label="Server name (optional)"
          help="Asked for, and looked for in the certificate. Empty: the server's host."
          className="font-mono"
          value={draft.tlsServerName}
          problem={problemAt(problems, "tls.serverName")}
          onChange={(tlsServerName) => onChange({ tlsServerName })}
        />
      )}
    </FormSection>
  );
}

function IdentitySection(props: RouteFieldsProps) {
  const { draft, problems, onChange } = props;
  return (
    <FormSection title="How we present ourselves">
      {draft.protocol === "smtp" && <SmtpIdentity {...props} />}
      <TextField
        label="Source address (optional)"
        help="The local address that connections leave from. Empty: the system chooses."
        className="font-mono"
        value={draft.sourceAddress}
        problem={problemAt(problems, "sourceAddress")}
        onChange={(sourceAddress) => onChange({ sourceAddress })}
      />
    </FormSection>
  );
}

function SmtpIdentity({ draft, problems, credentials, onChange }: RouteFieldsProps) {
  const choices = [
    { value: "", words: "None: without a login" },
    ...credentials.map(({ name }) => ({ value: name, words: name })),
  ];
  return (
    <>
      <ChoiceField
        label="Credential"
        help="What we log in to the servers with (RFC 4954), for a smart host."
        value={draft.credential}
        choices={choices}
        problem={problemAt(problems, "credential")}
        onChange={(credential) => onChange({ credential })}
      />
      <TextField
        label="Name in EHLO (optional)"
        help="Empty: the worker's host name. Servers on the internet expect one that resolves to our address."
        className="font-mono"
        placeholder="mail.example.org"
        value={draft.heloName}
        problem={problemAt(problems, "heloName")}
        onChange={(heloName) => onChange({ heloName })}
      />
    </>
  );
}

function TimesSection({ draft, problems, onChange }: RouteFieldsProps) {
  const smtp = draft.protocol === "smtp";
  const { shape } = smtp ? smtpRouteSchema : pop3RouteSchema;
  return (
    <FormSection title="Time limits and health">
      <NumberField
        label="Connect within"
        unit="ms"
        help="How long a server may take to accept a connection and to greet before the next one is tried."
        schema={shape.connectTimeoutMs}
        value={draft.connectTimeoutMs}
        problem={problemAt(problems, "connectTimeoutMs")}
        onChange={(connectTimeoutMs) => onChange({ connectTimeoutMs })}
      />
      <NumberField
        label="Answer within"
        unit="ms"
        help={
          smtp
            ? "Silence of the server while an answer is due. RFC 5321 §4.5.3.2 asks for 5 to 10 minutes: less gives up on slow servers."
            : "Silence of the server while an answer is due; then the session ends and nothing is deleted."
        }
        schema={shape.replyTimeoutMs}
        value={draft.replyTimeoutMs}
        problem={problemAt(problems, "replyTimeoutMs")}
        onChange={(replyTimeoutMs) => onChange({ replyTimeoutMs })}
      />
      <NumberField
        label="Health check every"
        unit="ms"
        help={`Each server is asked whether it serves, so that one that returns is used before ${smtp ? "mail needs it" : "somebody logs in"}.`}
        schema={shape.healthCheckMs}
        whenEmpty="known from traffic alone"
        value={draft.healthCheckMs}
        problem={problemAt(problems, "healthCheckMs")}
        onChange={(healthCheckMs) => onChange({ healthCheckMs })}
      />
    </FormSection>
  );
}
