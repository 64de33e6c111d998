const KEY = /^[0-9a-f]{64}\.[a-z0-9]{1,5}$/;

/** Whether this names a file of ours, `<sha256>.<ext>`; nothing else ever reaches a folder or a bucket. */
export function isMediaKey(key: string): boolean {
  return KEY.test(key);
}

/** The hash of the bytes that a key names. */
export function hashOfKey(key: string): string {
  return key.slice(0, key.indexOf("."));
}
