/**
 * Passkeys: hand what the server asks to the browser, and what the browser made or signed back to the server, in the
 * form that stands around the button.
 */
const NOT_HERE = "This browser or device can’t use passkeys. Sign in another way.";
const NOT_DONE = "Nothing was signed: it was cancelled, took too long, or this device has no passkey for this site. Try again, or use another way.";
const NO_ANSWER = "The site did not answer. Check your connection and try again.";

function toBytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0)).buffer;
}

function toText(bytes) {
  const letters = Array.from(new Uint8Array(bytes), (each) => String.fromCharCode(each)).join("");
  return btoa(letters).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const withBytes = (each) => ({ ...each, id: toBytes(each.id) });

function creationOptions(asked) {
  return {
    ...asked,
    challenge: toBytes(asked.challenge),
    user: withBytes(asked.user),
    excludeCredentials: (asked.excludeCredentials ?? []).map(withBytes),
  };
}

function requestOptions(asked) {
  return {
    ...asked,
    challenge: toBytes(asked.challenge),
    allowCredentials: (asked.allowCredentials ?? []).map(withBytes),
  };
}

function made(credential) {
  const answer = credential.response;
  const response = { clientDataJSON: toText(answer.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (answer[name]) {
      response[name] = toText(answer[name]);
    }
  }
  if (answer.getTransports) {
    response.transports = answer.getTransports();
  }
  return {
    type: credential.type,
    id: credential.id,
    rawId: toText(credential.rawId),
    authenticatorAttachment: credential.authenticatorAttachment ?? null,
    response,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function asked(form) {
  const written = document.getElementById("passkey-options");
  if (written) {
    return JSON.parse(written.textContent);
  }
  const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
  if (!answer.ok) {
    throw new TypeError(NO_ANSWER);
  }
  return (await answer.json()).request_options;
}

async function credentialFor(form) {
  const { publicKey } = await asked(form);
  if (form.dataset.passkey === "make") {
    return navigator.credentials.create({ publicKey: creationOptions(publicKey) });
  }
  return navigator.credentials.get({ publicKey: requestOptions(publicKey) });
}

function listen(form) {
  const problem = form.querySelector("[data-passkey-problem]");
  const say = (words) => {
    problem.textContent = words;
    problem.hidden = !words;
  };

  form.addEventListener("submit", async (event) => {
    const field = form.elements.credential;
    if (field.value) {
      return;
    }
    event.preventDefault();
    say("");
    if (!window.PublicKeyCredential) {
      say(NOT_HERE);
      return;
    }
    try {
      field.value = JSON.stringify(made(await credentialFor(form)));
      form.submit();
    } catch (trouble) {
      say(trouble instanceof TypeError ? NO_ANSWER : NOT_DONE);
    }
  });
  // Who comes back with the browser's button begins anew.
  window.addEventListener("pageshow", () => {
    form.elements.credential.value = "";
  });
}

document.querySelectorAll("form[data-passkey]").forEach(listen);
