// The Node clients behind one face: `call` gives the answer, or throws a `Failure`.
// A Failure is made only from the client's own error; anything else goes up as it is.
'use strict';

class Failure extends Error {
  constructor(code, message, status, requestId) {
    super(`${status} ${code}: ${message} (${requestId})`);
    Object.assign(this, { code, told: message, status, requestId });
  }
}

// @alicloud/pop-core; signatures V1. An array becomes X.1, X.2...
class PopCore {
  constructor(endpoint, method, ca) {
    Object.assign(this, { endpoint: `${ca ? 'https' : 'http'}://${endpoint}`, method });
  }

  async call(action, parameters, [accessKeyId, accessKeySecret]) {
    const { RPCClient } = require('@alicloud/pop-core');
    const { endpoint } = this;
    const client = new RPCClient({ accessKeyId, accessKeySecret, endpoint, apiVersion: '2017-03-21' });
    try {
      return await client.request(action, parameters, { method: this.method, timeout: 10000 });
    } catch (error) {
      if (!error.code || error.name !== `${error.code}Error` || !error.entry) throw error;
      const status = error.entry.response.statusCode;
      throw new Failure(error.code, error.data.Message, status, error.data.RequestId);
    }
  }
}

// @alicloud/openapi-client, the core of the typed clients; signatures V3, or V1 which it calls v2.
class OpenApi {
  constructor(endpoint, signatureAlgorithm, ca) {
    // https is its default.
    Object.assign(this, { endpoint, signatureAlgorithm, protocol: ca ? undefined : 'HTTP' });
  }

  async call(action, parameters, [accessKeyId, accessKeySecret]) {
    const { default: Client, Config, OpenApiRequest, Params } = require('@alicloud/openapi-client');
    const { RuntimeOptions } = require('@alicloud/tea-util');
    const { endpoint, signatureAlgorithm, protocol } = this;
    const config = { accessKeyId, accessKeySecret, endpoint, protocol, signatureAlgorithm };
    const params = new Params({
      action, version: '2017-03-21', protocol: 'HTTPS', pathname: '/', method: 'POST',
      authType: 'AK', style: 'RPC', reqBodyType: 'formData', bodyType: 'json',
    });
    const request = new OpenApiRequest({ query: texts(parameters) });
    try {
      const client = new Client(new Config(config));
      const options = new RuntimeOptions({ readTimeout: 10000 });
      return (await client.callApi(params, request, options)).body;
    } catch (error) {
      if (!error.data || error.data.Code !== error.code) throw error;
      throw new Failure(error.code, error.message, error.data.statusCode, error.data.RequestId);
    }
  }
}

// As the typed clients write lists: one parameter with a JSON array.
function texts(parameters) {
  const text = (value) => (Array.isArray(value) ? JSON.stringify(value) : String(value));
  return Object.fromEntries(Object.entries(parameters).map(([name, value]) => [name, text(value)]));
}

// With the certificate of an authority it speaks https; Node reads it from NODE_EXTRA_CA_CERTS.
function client(mode, endpoint, ca) {
  return {
    'pop-get': () => new PopCore(endpoint, 'GET', ca),
    'pop-post': () => new PopCore(endpoint, 'POST', ca),
    'openapi-v3': () => new OpenApi(endpoint, undefined, ca),
    'openapi-v1': () => new OpenApi(endpoint, 'v2', ca),
  }[mode]();
}

module.exports = { Failure, client };
