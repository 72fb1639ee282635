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
  constructor(endpoint, method) {
    Object.assign(this, { endpoint, method });
  }

  async call(action, parameters, [accessKeyId, accessKeySecret]) {
    const { RPCClient } = require('@alicloud/pop-core');
    const endpoint = `http://${this.endpoint}`;
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
  constructor(endpoint, signatureAlgorithm) {
    Object.assign(this, { endpoint, signatureAlgorithm });
  }

  async call(action, parameters, [accessKeyId, accessKeySecret]) {
    const { default: Client, Config, OpenApiRequest, Params } = require('@alicloud/openapi-client');
    const { RuntimeOptions } = require('@alicloud/tea-util');
    const { endpoint, signatureAlgorithm } = this;
    const config = { accessKeyId, accessKeySecret, endpoint, protocol: 'HTTP', signatureAlgorithm };
    const params = new Params({
      action, version: '2017-03-21', protocol: 'HTTP', pathname: '/', method: 'POST',
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

function client(mode, endpoint) {
  return {
    'pop-get': () => new PopCore(endpoint, 'GET'),
    'pop-post': () => new PopCore(endpoint, 'POST'),
    'openapi-v3': () => new OpenApi(endpoint, undefined),
    'openapi-v1': () => new OpenApi(endpoint, 'v2'),
  }[mode]();
}

module.exports = { Failure, client };
