declare module "s3rver" {
  import type { IncomingMessage, ServerResponse } from "node:http";

  interface Written {
    readonly size: number;
  }

  /** What the tests use of s3rver, which brings no types. */
  class S3rver {
    constructor(options: {
      readonly address: string;
      readonly port: number;
      readonly silent: boolean;
      readonly directory: string;
      readonly vhostBuckets: boolean;
      readonly configureBuckets: readonly { readonly name: string }[];
    });
    readonly store: {
      putObject(object: { readonly bucket: string; readonly key: string }): Promise<Written>;
      putPart(bucket: string, uploadId: string, partNumber: string, content: IncomingMessage): Promise<Written>;
      getResourcePath(bucket: string, key: string | undefined, resource: string): string;
    };
    readonly run: () => Promise<{ readonly port: number }>;
    readonly close: () => Promise<void>;
    readonly callback: () => (request: IncomingMessage, response: ServerResponse) => void;
  }
  export default S3rver;
}
