// Passkeys: fetches what is asked, lets the browser answer, and sends that with an ordinary form.

const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const known = (list) => list?.map((one) => ({ ...one, id: bytes(one.id) }));

// Buffers travel as base64url.
const question = (options) => ({
  ...options,
  challenge: bytes(options.challenge),
  ...(options.user && { user: { ...options.user, id: bytes(options.user.id) } }),
  ...(options.excludeCredentials && { excludeCredentials: known(options.excludeCredentials) }),
  ...(options.allowCredentials && { allowCredentials: known(options.allowCredentials) }),
});
const answer = (made) => {
  const { response } = made;
  return JSON.stringify({
    id: made.id,
    rawId: text(made.rawId),
    type: made.type,
    extensions: made.getClientExtensionResults(),
    response: {
      clientDataJSON: text(response.clientDataJSON),
      ...(response.attestationObject && { attestationObject: text(response.attestationObject), transports: response.getTransports?.() ?? [] }),
      ...(response.authenticatorData && { authenticatorData: text(response.authenticatorData), signature: text(response.signature) }),
      ...(response.userHandle && { userHandle: text(response.userHandle) }),
    },
  });
};

const fields = (form, values) => Object.entries(values).forEach(([name, value]) => {
  form.querySelector(`[name=${name}]`)?.remove();
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
});

async function run(box, act) {
  const failed = box.querySelector("[data-failed]");
  failed.hidden = true;
  try {
    const begun = await fetch(box.dataset.begin, { method: "POST", body: new URLSearchParams({ csrf: box.dataset.csrf }) });
    // the session has ended, or is to be confirmed first
    if (begun.redirected) return location.reload();
    const { ceremony, options } = await begun.json();
    const publicKey = question(options);
    const made = box.dataset.passkey === "create" ? await navigator.credentials.create({ publicKey }) : await navigator.credentials.get({ publicKey });
    act({ ceremony, answer: answer(made) });
  } catch {
    failed.hidden = false;
  }
}

const able = "PublicKeyCredential" in window && "credentials" in navigator;
document.querySelectorAll("[data-passkey-missing]").forEach((note) => { note.hidden = able; });
document.querySelectorAll("[data-passkey]").forEach((box) => {
  if (!able) return;
  const form = box.querySelector("form");
  if (form) {
    form.addEventListener("submit", (event) => {
      if (form.elements.answer) return;
      event.preventDefault();
      run(box, (values) => { fields(form, values); form.requestSubmit(); });
    });
    return;
  }
  box.hidden = false;
  box.querySelector("button").addEventListener("click", () => run(box, (values) => {
    const sent = Object.assign(document.createElement("form"), { method: "post", action: box.dataset.send, hidden: true });
    fields(sent, { csrf: box.dataset.csrf, ...values });
    document.body.append(sent);
    sent.requestSubmit();
  }));
});
