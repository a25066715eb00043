#if Network
    import AsyncHTTPClient
    import NIOCore
    import NIOPosix
    import NIOSSL

    extension NetworkError {
        /// Says what an error of the network libraries means for somebody who asked a server.
        public init(_ error: any Error, server: String) {
            let (kind, details) = Self.meaning(of: error)
            self.init(kind, server: server, details: details)
        }

        private static func meaning(of error: any Error) -> (Kind, String) {
            switch error {
            case let error as HTTPClientError: meaning(of: error)
            case let error as NIOConnectionError: (.unreachable, reason(error))
            case ChannelError.connectTimeout: (.unreachable, "no connection came about in time")
            case is NIOTooManyBytesError: (.malformed, "it is too large")
            case let error as NIOSSLError: meaning(of: error)
            case let error as NIOSSLExtraError:
                error == .failedToValidateHostname || error == .serverHostnameImpossibleToMatch
                    ? (.untrusted, "it is of another name") : (.cut, "\(error)")
            case is ServerName.Mismatch: (.untrusted, "it is of another name")
            case let error as IOError: (error.errnoCode == ECONNREFUSED ? .unreachable : .cut, text(of: error))
            default: (.cut, "\(error)")
            }
        }

        private static func meaning(of error: HTTPClientError) -> (Kind, String) {
            switch error {
            case .readTimeout: (.silent, "nothing came any more")
            case .connectTimeout, .tlsHandshakeTimeout, .getConnectionFromPoolTimeout, .httpProxyHandshakeTimeout,
                .socksHandshakeTimeout:
                (.unreachable, "no connection came about in time")
            case .deadlineExceeded: (.timeout, "it did not come in time")
            case .proxyAuthenticationRequired: (.unreachable, "the proxy wants a name and a password")
            case .invalidProxyResponse: (.unreachable, "the proxy does not let it through")
            case .remoteConnectionClosed, .uncleanShutdown: (.cut, "the other side closed it")
            default: (.cut, error.shortDescription)
            }
        }

        private static func meaning(of error: NIOSSLError) -> (Kind, String) {
            switch error {
            case .handshakeFailed(.sslError(let stack)) where "\(stack)".contains("CERTIFICATE_VERIFY_FAILED"):
                (.untrusted, "no authority that is known here has signed it, or it has expired")
            case .handshakeFailed(.sslError(let stack)) where "\(stack)".contains("WRONG_VERSION_NUMBER"):
                (.unreachable, "it does not speak TLS")
            case .unableToValidateCertificate, .noCertificateToValidate: (.untrusted, "\(error)")
            case .handshakeFailed(let reason): (.unreachable, "the TLS handshake failed, \(reason)")
            case .uncleanShutdown: (.cut, "the other side closed it")
            default: (.cut, "TLS failed, \(error)")
            }
        }

        private static func reason(_ error: NIOConnectionError) -> String {
            if error.dnsAError != nil, error.connectionErrors.isEmpty { return "there is no host of that name" }
            guard let first = error.connectionErrors.first else { return "no connection came about" }
            switch first.error {
            case let error as IOError: return text(of: error)
            case ChannelError.connectTimeout: return "no connection came about in time"
            default: return "\(first.error)"
            }
        }

        private static func text(of error: IOError) -> String {
            switch error.errnoCode {
            case ECONNREFUSED: "connection refused"
            case ECONNRESET, EPIPE: "the other side closed it"
            case EHOSTUNREACH, ENETUNREACH: "there is no way to it"
            case ETIMEDOUT: "no answer from the other side"
            default: String(cString: strerror(error.errnoCode))
            }
        }
    }
#endif
