import { createHmac } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

/** A message as it arrived. */
export interface Arrived {
  body: string;
  /** Signed with this secret, as Standard Webhooks says? */
  isSignedBy: (secret: string) => boolean;
}

/** Another program's address that is told what happens. */
export class Receiver {
  readonly arrived: Arrived[] = [];
  /** What it answers. */
  status = 204;

  private constructor(
    readonly url: string,
    private readonly server: Server,
  ) {}

  static async start(): Promise<Receiver> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const receiver = new Receiver(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hooks`, server);
    server.on("request", async (asked, answer) => {
      const body = await text(asked);
      const of = (name: string) => String(asked.headers[name]);
      const signed = `${of("webhook-id")}.${of("webhook-timestamp")}.${body}`;
      const isSignedBy = (secret: string) => {
        const key = Buffer.from(secret.replace("whsec_", ""), "base64");
        const signature = createHmac("sha256", key).update(signed).digest("base64");
        return of("webhook-signature").split(" ").includes(`v1,${signature}`);
      };
      receiver.arrived.push({ body, isSignedBy });
      answer.writeHead(receiver.status).end();
    });
    return receiver;
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    this.server.close();
    await once(this.server, "close");
  }
}
