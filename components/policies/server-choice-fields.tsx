"use client";
import { Plus, X } from "lucide-react";
import { useId } from "react";
import { Button } from "#components/ui/button.tsx";
import { Checkbox } from "#components/ui/checkbox.tsx";
import { ChoiceField } from "#components/ui/form-fields.tsx";
import { Input } from "#components/ui/input.tsx";
import { type FormProblems, problemAt } from "#components/ui/read-form.ts";
import { type LoginRoutesDraft, newServer, type ServerDraft } from "./login-route-draft.ts";
import { separatorChoices } from "./policy-choices.ts";
import { RouteSelect } from "./route-select.tsx";

type ServerChoiceFieldsProps = {
  draft: LoginRoutesDraft;
  /** What can be chosen. */
  routeNames: readonly string[];
  problems: FormProblems;
  onChange: (change: Partial<LoginRoutesDraft>) => void;
};

/** The servers that clients may choose among, each with its route. */
export function ServerChoiceFields({ draft, routeNames, problems, onChange }: ServerChoiceFieldsProps) {
  const { choosesServer, separator, servers } = draft;
  const all = servers.length === 0 ? problemAt(problems, "to.serverChoice.servers") : undefined;
  const add = () => {
    const key = Math.max(-1, ...servers.map((server) => server.key)) + 1;
    onChange({ servers: [...servers, newServer(key, routeNames[0] ?? "")] });
  };
  return (
    <div className="flex flex-col gap-2">
      <Checkbox
        label="Clients may choose the server"
        checked={choosesServer}
        onChange={({ target: { checked } }) =>
          onChange({
            choosesServer: checked,
            servers: servers.length === 0 ? [newServer(0, routeNames[0] ?? "")] : servers,
          })
        }
      />
      {choosesServer && (
        <>
          <p className="text-muted">
            A client names one of these behind its user. The server behind hears the user alone; a name that is not here
            is refused as a wrong password is.
          </p>
          <ChoiceField
            label="Between user and server"
            value={separator}
            choices={separatorChoices}
            problem={problemAt(problems, "to.serverChoice.separator")}
            onChange={(value) => onChange({ separator: value })}
          />
          {servers.map((server, index) => (
            <OneServer
              key={server.key}
              server={server}
              number={index + 1}
              routeNames={routeNames}
              problems={problems}
              onChange={(change) =>
                onChange({
                  servers: servers.map((other) => (other.key === server.key ? { ...other, ...change } : other)),
                })
              }
              onRemove={() => onChange({ servers: servers.filter((other) => other.key !== server.key) })}
            />
          ))}
          {all !== undefined && <p className="text-deny">{all}</p>}
          <Button size="small" className="self-start" onClick={add}>
            <Plus aria-hidden size={14} />
            Add server
          </Button>
        </>
      )}
    </div>
  );
}

type OneServerProps = {
  server: ServerDraft;
  number: number;
  routeNames: readonly string[];
  problems: FormProblems;
  onChange: (change: Partial<ServerDraft>) => void;
  onRemove: () => void;
};

function OneServer({ server: { server, route }, number, routeNames, problems, onChange, onRemove }: OneServerProps) {
  const errorId = useId();
  const at = `to.serverChoice.servers.${number - 1}`;
  const unnamed = problemAt(problems, `${at}.server`);
  const unrouted = problemAt(problems, `${at}.route`);
  const described = unnamed === undefined ? {} : { "aria-describedby": errorId, "aria-invalid": true };
  return (
    <div className="flex flex-col gap-2 border-line border-s-2 ps-3">
      <div className="flex items-end gap-2">
        <Input
          aria-label={`Name of server ${number}`}
          {...described}
          className="font-mono"
          autoComplete="off"
          spellCheck={false}
          placeholder="pop.example.com"
          value={server}
          onChange={({ target }) => onChange({ server: target.value })}
        />
        <Button variant="quiet" size="icon" aria-label={`Remove server ${number}`} onClick={onRemove}>
          <X aria-hidden size={16} />
        </Button>
      </div>
      {unnamed !== undefined && (
        <p id={errorId} className="text-deny">
          {unnamed}
        </p>
      )}
      <RouteSelect label={`Route of server ${number}`} route={route} routeNames={routeNames} onChange={onChange} />
      {unrouted !== undefined && <p className="text-deny">{unrouted}</p>}
    </div>
  );
}
