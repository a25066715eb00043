import Crypto
import GRDB
import LedgerSchema
