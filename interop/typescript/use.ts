// Programs with generated clients, as people write them. They are checked, not run.

import { AsterClientWrapper } from "@aster-rpc/aster";
import { matrixV1, types as matrix } from "../../aster-cli/tests/generated/typescript/matrix/index.js";
import {
  ContractMismatch,
  agentSessionV1,
  missionControlV1,
  types,
} from "../../aster-cli/tests/generated/typescript/mission_control/index.js";
import { types as everything } from "../../aster-cli/tests/generated/typescript/everything/index.js";

export async function missionControl(address: string): Promise<string> {
  const client = new AsterClientWrapper({ address });
  await client.connect();
  try {
    const control = await missionControlV1.MissionControlClient.connect(client);
    const status = await control.getStatus(new types.StatusRequest({ agent_id: "edge-7" }), { timeout: 5 });
    for await (const entry of control.tailLogs(new types.TailRequest(), { metadata: { tenant: "acme" } })) {
      return `${status.uptime_secs + 1} ${entry.message.length}`;
    }
    const counted: types.IngestResult = await control.ingestMetrics(points());
    // @ts-expect-error a field that there is not
    status.uptime;
    // @ts-expect-error a request of another method
    await control.getStatus(new types.MetricPoint({ tags: { a: 1 } }));
    return counted.accepted.toFixed();
  } catch (error) {
    return error instanceof ContractMismatch ? error.offered : "";
  }
}

async function* points(): AsyncIterable<types.MetricPoint> {
  yield new types.MetricPoint({ name: "temp", value: 1.5, tags: { room: "lab" } });
}

export async function session(client: AsterClientWrapper): Promise<types.Assignment> {
  const agent = await agentSessionV1.AgentSessionClient.connect(client, { checkContract: false });
  // @ts-expect-error the sessions of the package have no streams
  agent.runCommand;
  const assignment = await agent.register(new types.Heartbeat({ agent_id: "edge-7", capabilities: ["gpu"] }));
  await agent.close();
  return assignment;
}

export async function chat(client: AsterClientWrapper): Promise<number> {
  const service = await matrixV1.MatrixClient.connect(client);
  const channel = service.chat();
  await channel.send(new matrix.Request({ note: null, inner: new matrix.Inner({ label: "x" }) }));
  await channel.close();
  let sum = 0;
  for await (const reply of channel) {
    sum += reply.index + reply.request.inner.value;
  }
  return sum;
}

export function values(): everything.Color {
  const needs = new everything.Needs({ id: "a", level: 1 });
  // @ts-expect-error a field without default must be given
  new everything.Needs({ id: "a" });
  const containers = new everything.Containers({ color: everything.Color.DarkBlue, by_number: { 1: [needs.id] } });
  // @ts-expect-error no such colour
  containers.color = "green";
  return containers.color;
}
